"""Geotags: takes the position out of a picture's metadata, in place: pixels, credits and every offset stay as they are.

Exif 2.32, 4.6.3: the GPS directory hangs on an entry of a TIFF structure (TIFF 6.0, section 2), wherever a JPEG, PNG, WebP or
AVIF file has that. XMP (ISO 16684-1) spells its values out.
"""

from __future__ import annotations

import re
import struct
import zlib

_TIFF_HEADER = re.compile(rb"II\x2a\x00|MM\x00\x2a")
_GPS_ENTRY = 0x8825
_ENTRY_BYTES = 12
_MAX_ENTRIES = 1000
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of one value by the types of TIFF."""
_XMP_ATTRIBUTE = re.compile(rb"\s[\w-]{1,40}:GPS\w{1,40}\s*=\s*(?:\"[^\"<]{0,500}\"|'[^'<]{0,500}')", re.IGNORECASE)
_XMP_ELEMENT = re.compile(rb"<([\w-]{1,40}:GPS\w{1,40})(?:\s[^<>]{0,500})?(?:/>|>[^<]{0,500}</\1\s*>)", re.IGNORECASE)
_VIDEO_LOCATION = re.compile(rb"\xa9xyz.{4}([+-][\d.]{3,12}[+-][\d.]{3,13}(?:[+-][\d.]{1,12})?/?)", re.DOTALL)
"""ISO 6709, in the film that telephones write behind a photo."""
_MARK = "-without-position"
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def without_position(data: bytes) -> bytes:
    """Return the file `data` of a picture without its position, of the same length; checksums of PNG follow."""
    result = bytearray(data)
    for header in _TIFF_HEADER.finditer(data):
        _clear_gps(result, header.start(), "<" if header[0][:1] == b"I" else ">")
    for pattern in (_XMP_ATTRIBUTE, _XMP_ELEMENT):
        for match in pattern.finditer(data):
            result[match.start() : match.end()] = b" " * len(match[0])
    for match in _VIDEO_LOCATION.finditer(data):
        result[match.start(1) : match.end(1)] = b" " * len(match[1])
    if data.startswith(_PNG_SIGNATURE):
        _set_checksums(result, data)
    return bytes(result)


def path_without_position(output: str) -> str:
    """Return where the picture with the output path `output` is published without its position."""
    stem, dot, ending = output.rpartition(".")
    return f"{stem}{_MARK}{dot}{ending}"


def is_without_position(output: str) -> bool:
    """Whether `output` is a path that `path_without_position` gave."""
    return output.startswith("media/") and output.rpartition(".")[0].endswith(_MARK)


def _clear_gps(data: bytearray, start: int, order: str) -> None:
    """Take the entry of the GPS directory out of the first directory of the TIFF structure at `start`, and zero that directory.

    What only looks like such a structure is left alone.
    """
    try:
        directory = start + struct.unpack_from(f"{order}I", data, start + 4)[0]
        (count,) = struct.unpack_from(f"{order}H", data, directory)
        if not 0 < count <= _MAX_ENTRIES:
            return
        for number in range(count):
            entry = directory + 2 + number * _ENTRY_BYTES
            tag, kind, values, offset = struct.unpack_from(f"{order}HHII", data, entry)
            if tag == _GPS_ENTRY and kind in {4, 13} and values == 1:
                _zero_directory(data, start, start + offset, order)
                end = directory + 2 + count * _ENTRY_BYTES + 4  # with the offset of the next directory
                data[entry:end] = data[entry + _ENTRY_BYTES : end] + bytes(_ENTRY_BYTES)
                struct.pack_into(f"{order}H", data, directory, count - 1)
                return
    except struct.error:  # it leads out of the file
        return


def _zero_directory(data: bytearray, start: int, directory: int, order: str) -> None:
    """Overwrite a directory and the values that lie outside of it with zeros, as far as they lie in the file."""
    (count,) = struct.unpack_from(f"{order}H", data, directory)
    if count > _MAX_ENTRIES:
        return
    for number in range(count):
        _, kind, values, offset = struct.unpack_from(f"{order}HHII", data, directory + 2 + number * _ENTRY_BYTES)
        size = _TYPE_BYTES.get(kind, 1) * values
        if 4 < size <= 4096 and start + offset + size <= len(data):
            data[start + offset : start + offset + size] = bytes(size)
    end = directory + 2 + count * _ENTRY_BYTES
    data[directory:end] = bytes(end - directory)


def _set_checksums(data: bytearray, before: bytes) -> None:
    """Set the checksum (PNG, 5.3) of each chunk of a file that is another one than `before`."""
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 8 + length
        if end + 4 > len(data):
            return
        if data[at:end] != before[at:end]:
            struct.pack_into(">I", data, end, zlib.crc32(data[at + 4 : end]))
        at = end + 4
