"""The documents of a segment as they are stored: JSON, some of them packed together, so that like packs with like."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from builder.search.text.documents import Document
from builder.search.whoosh_index.columns import Columns

_BLOCK_SIZE = 16
"""Documents packed as one: to read one, all are unpacked."""
_LEVEL = 4


def document_columns(documents: Sequence[Document]) -> dict[str, NDArray[Any]]:
    """Return the columns that store `documents`."""
    encode = msgspec.json.Encoder().encode
    blocks = [zlib.compress(encode(documents[at : at + _BLOCK_SIZE]), _LEVEL) for at in range(0, len(documents), _BLOCK_SIZE)]
    ends = np.cumsum([len(data) for data in blocks], dtype="<u4")
    return {"stored": np.frombuffer(b"".join(blocks), np.uint8), "stored ends": ends}


class StoredDocuments:
    """The documents of a segment by number."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._ends = columns["stored ends"]
        self._decode = msgspec.json.Decoder(list[Document]).decode
        self._block: tuple[int, list[Document]] = (-1, [])

    def __getitem__(self, number: int) -> Document:
        part, index = divmod(number, _BLOCK_SIZE)
        if self._block[0] != part:
            start = int(self._ends[part - 1]) if part else 0
            data = zlib.decompress(self._columns.data("stored", start, int(self._ends[part])))
            self._block = part, self._decode(data)
        return self._block[1][index]
