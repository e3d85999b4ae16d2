"""Seals: a manifest signed with the keeper's key (CMS, or an SSH key), and a time stamp (RFC 3161), made and checked.

Signatures are those of the programs that people check them with: `openssl cms` (RFC 5652) and `ssh-keygen -Y` (OpenSSH's
PROTOCOL.sshsig).
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import Request, urlopen

from builder.archive.seals import AUTHORITIES, CERTIFICATES, CMS, MANIFEST_COPY, SSH, SSH_SIGNERS, Seal
from builder.base.problems import BuildUnavailableError, ConfigError

TIMEOUT = 60
"""Seconds that an authority may take to answer, and a program to sign."""
MAX_ANSWER = 1_000_000
_NAMESPACE = "morgue"
_PRINCIPAL = "keeper"
_SSH_PRIVATE = b"OPENSSH PRIVATE KEY"
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_END_CERTIFICATE = b"-----END CERTIFICATE-----"


class Fault(NamedTuple):
    """What of a seal does not hold: its file, and why."""

    file: str
    reason: str


def sign(folder: Path, key: Path, certificate: Path | None) -> Seal:
    """Sign the manifest in `folder` with the private `key`, the signature beside it; return who signed.

    With a `certificate` (PEM, its chain after it) as CMS, without as SSH signature. Raises ConfigError where the key cannot sign.
    """
    manifest = folder / MANIFEST_COPY
    if certificate is not None:
        chain = _bytes_of(certificate)
        (folder / CERTIFICATES).write_bytes(chain)
        command = ["openssl", "cms", "-sign", "-binary", "-md", "sha512", "-in", str(manifest), "-out", str(folder / CMS)]
        command += ["-outform", "PEM", "-signer", str(certificate), "-inkey", str(key)]
        with tempfile.NamedTemporaryFile(suffix=".pem") as others:
            others.write(chain.partition(_END_CERTIFICATE)[2])
            others.flush()
            run(*command, *(["-certfile", others.name] if _END_CERTIFICATE in Path(others.name).read_bytes() else []))
        form = "RFC2253,utf8,-esc_msb"  # names in every script as they are
        name = run("openssl", "x509", "-in", str(certificate), "-noout", "-subject", "-nameopt", form).removeprefix("subject=")
        digest = run("openssl", "x509", "-in", str(certificate), "-noout", "-fingerprint", "-sha256").partition("=")[2]
        return Seal("", name.strip(), digest.strip(), signature=CMS)
    if _SSH_PRIVATE not in _bytes_of(key):
        raise ConfigError(f"{key}: is no OpenSSH key; with a PEM key give its certificate too: --certificate FILE.pem")
    run("ssh-keygen", "-q", "-Y", "sign", "-f", str(key), "-n", _NAMESPACE, str(manifest))
    public = run("ssh-keygen", "-y", "-f", str(key)).strip()
    (folder / SSH_SIGNERS).write_text(f'{_PRINCIPAL} namespaces="{_NAMESPACE}" {public}\n', encoding="utf-8")
    digest = run("ssh-keygen", "-l", "-f", str(key)).split()[1]
    return Seal("", public.partition(" ")[2].partition(" ")[2] or _PRINCIPAL, digest, signature=SSH)


def stamp(folder: Path, name: str, url: str, authorities: Path | None) -> Seal:
    """Have the authority at `url` stamp the file `name` of `folder`, its answer beside it; return when that was, and who.

    `authorities` are the certificates (PEM) that its own is checked by; they are kept with the stamp. Raises ConfigError for
    an answer that is none, BuildUnavailableError where none comes.
    """
    client = _client()
    data = (folder / name).read_bytes()
    request = (
        client.TimestampRequestBuilder().data(data).hash_algorithm(client.HashAlgorithm.SHA512).cert_request(cert_request=True)
    )
    timestamp_request = request.nonce(nonce=True).build()
    query = Request(url, data=timestamp_request.as_bytes(), headers={"Content-Type": "application/timestamp-query"})  # noqa: S310
    if not url.startswith(("https://", "http://")):
        raise ConfigError(f"--timestamp {url}: must begin with https:// or http://")
    try:
        with urlopen(query, timeout=TIMEOUT) as response:  # noqa: S310 (http and https alone)
            answer = response.read(MAX_ANSWER)
    except (URLError, TimeoutError, OSError) as error:
        raise BuildUnavailableError(f"{url}: does not answer: {error}; nothing was sealed") from None
    (folder / f"{name}.tsr").write_bytes(answer)
    if authorities is not None:
        (folder / AUTHORITIES).write_bytes(_bytes_of(authorities))
    if reason := _stamp_fault(folder, name, timestamp_request.nonce):
        advice = "give the certificates of its authority: --timestamp-ca FILE.pem"
        raise ConfigError(f"{url}: its answer proves nothing: {reason}; {advice}")
    return Seal(_stamped_at(folder / f"{name}.tsr").strftime("%Y-%m-%dT%H:%M:%SZ"), authority=url, timestamp=f"{name}.tsr")


def faults(folder: Path, signer: Path | None = None) -> Iterator[Fault]:
    """Yield what does not hold of the seal in `folder`: signature, time stamp.

    `signer`: the certificate or the SSH public key (`allowed_signers`) that is trusted, in place of the one that lies there.
    """
    manifest = folder / MANIFEST_COPY
    if not manifest.is_file():
        yield Fault(MANIFEST_COPY, "is missing")
        return
    signatures = [name for name in (CMS, SSH) if (folder / name).is_file()]
    for name in signatures:
        try:
            if name == CMS:
                _verify_cms(folder, signer or folder / CERTIFICATES)
            else:
                _verify_ssh(folder, signer or folder / SSH_SIGNERS)
        except ConfigError as error:
            yield Fault(name, f"does not hold: {error}")
    stamps = [name for name in (CMS, SSH, MANIFEST_COPY) if (folder / f"{name}.tsr").is_file()]
    for name in stamps:
        reason = _stamp_fault(folder, name) if (folder / name).is_file() else f"{name} is missing"
        if reason:
            yield Fault(f"{name}.tsr", f"does not hold: {reason}")
    if not (signatures or stamps):
        yield Fault(MANIFEST_COPY, "has neither signature nor time stamp")


def run(*command: str, stdin: bytes = b"") -> str:
    """Run a program and return what it prints. Raises ConfigError, with what it said, where it fails, or is not there."""
    try:
        process = subprocess.run(command, input=stdin, capture_output=True, timeout=TIMEOUT, check=False)  # noqa: S603
    except FileNotFoundError:
        raise ConfigError(f"{command[0]}: is not installed; seals are made and checked with it") from None
    except subprocess.TimeoutExpired:
        raise ConfigError(f"{command[0]}: did not answer; a key with a passphrase has to be unlocked first (ssh-agent)") from None
    if process.returncode:
        lines = (process.stderr or process.stdout).decode(errors="replace").strip().split("\n")
        lines = [line for line in lines if line and not line.startswith("Using configuration from")] or ["failed"]
        raise ConfigError(f"{command[0]}: {re.sub(r'^[0-9A-F]{8,}:', '', lines[0].rstrip())}")
    return process.stdout.decode(errors="replace")


def _verify_cms(folder: Path, certificates: Path) -> None:
    """Raise ConfigError unless the CMS signature holds. That its certificate is over by now is nothing against it."""
    if _CERTIFICATE not in _bytes_of(certificates):
        raise ConfigError(f"{certificates}: is no certificate (PEM), which this seal is checked with")
    run(
        "openssl", "cms", "-verify", "-binary", "-inform", "PEM", "-in", str(folder / CMS), "-content", str(folder / MANIFEST_COPY),
        "-CAfile", str(certificates), "-partial_chain", "-purpose", "any", "-no_check_time", "-out", "/dev/null",
    )  # fmt: skip


def _verify_ssh(folder: Path, signers: Path) -> None:
    """Raise ConfigError unless the SSH signature holds. `signers` may be a public key, too."""
    if _CERTIFICATE in _bytes_of(signers):
        raise ConfigError(f"{signers}: is a certificate; this seal is checked with an SSH public key")
    text = _bytes_of(signers).decode(errors="replace").strip()
    line = text if "namespaces=" in text or text.startswith(f"{_PRINCIPAL} ") else f"{_PRINCIPAL} {text}"
    with tempfile.NamedTemporaryFile("w", suffix=".allowed") as file:
        file.write(line + "\n")
        file.flush()
        data = (folder / MANIFEST_COPY).read_bytes()
        command = ["ssh-keygen", "-Y", "verify", "-f", file.name, "-I", _PRINCIPAL, "-n", _NAMESPACE, "-s", str(folder / SSH)]
        run(*command, stdin=data)


def _stamp_fault(folder: Path, name: str, nonce: int | None = None) -> str:
    """Return why the time stamp of the file `name` does not hold, "" where it does."""
    client = _client()
    from cryptography import x509

    stamp_file, authorities = folder / f"{name}.tsr", folder / AUTHORITIES
    try:
        answer = client.decode_timestamp_response(stamp_file.read_bytes())
    except ValueError:  # many authorities order their certificates in a way that this library does not read (X.690, 11.6)
        return _openssl_stamp_fault(folder / name, stamp_file, authorities)
    try:
        inside = [x509.load_der_x509_certificate(each) for each in answer.signed_data.certificates]
        roots = x509.load_pem_x509_certificates(authorities.read_bytes()) if authorities.is_file() else []
        builder = client.VerifierBuilder(nonce=nonce)
        for root in roots or [each for each in inside if each.issuer == each.subject]:
            builder = builder.add_root_certificate(root)
        for each in inside:
            if each.issuer != each.subject and len(inside) > 1:
                builder = builder.add_intermediate_certificate(each)
        builder.build().verify_message(answer, (folder / name).read_bytes())
    except (ValueError, client.VerificationError) as error:
        return str(error) or type(error).__name__
    return ""


def _openssl_stamp_fault(data: Path, stamp_file: Path, authorities: Path) -> str:
    if not authorities.is_file():
        return "there are no certificates to check its authority by"
    try:
        moment = int(_stamped_at(stamp_file).timestamp())
        command = ["openssl", "ts", "-verify", "-data", str(data), "-in", str(stamp_file), "-CAfile", str(authorities)]
        run(*command, "-attime", str(moment))
    except ConfigError as error:
        return str(error)
    return ""


def _stamped_at(stamp_file: Path) -> datetime:
    """Return the moment, in UTC, of a time stamp. Raises ConfigError for a file that is none."""
    try:
        moment: datetime = _client().decode_timestamp_response(stamp_file.read_bytes()).tst_info.gen_time
        return moment.astimezone(UTC)
    except ValueError:
        text = run("openssl", "ts", "-reply", "-in", str(stamp_file), "-text")
    match = re.search(r"^Time stamp: (.*?)(?:\.\d+)? (\d{4}) GMT$", text, re.MULTILINE)
    if match is None:
        raise ConfigError(f"{stamp_file.name}: is no time stamp")
    return datetime.strptime(f"{match[1]} {match[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)


def _client() -> ModuleType:
    """Return the library for time stamps, which is an extra."""
    try:
        import rfc3161_client
    except ImportError:
        raise ConfigError("time stamps need rfc3161-client: pip install 'morgue[seal]'") from None
    return rfc3161_client


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None


def now_text(seconds: int) -> str:
    """Return a moment as a seal tells it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
