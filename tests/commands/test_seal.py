"""Seals: what openssl, ssh-keygen and sha512sum say of them, and what they say of an archive that was tampered with."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.sites import Archive, archive, story

MANIFEST = "seal/manifest-sha512.txt"
_TSA = """
[tsa]
default_tsa = own
[own]
serial = {0}/serial
crypto_device = builtin
signer_cert = {0}/tsa.pem
certs = {0}/ca.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_chain = no
[leaf]
extendedKeyUsage = critical,timeStamping
"""


def run(*command: str, folder: Path | None = None, stdin: bytes = b"") -> bytes:
    done = subprocess.run(command, cwd=folder, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def self_signed(folder: Path, name: str, subject: str) -> None:
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    run(
        "openssl",
        "req",
        "-x509",
        *curve,
        "-subj",
        f"/CN={subject}",
        "-utf8",
        "-keyout",
        f"{folder}/{name}.key",
        "-out",
        f"{folder}/{name}.pem",
    )


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A keeper's PEM key with certificate, an SSH key, and an authority with its configuration."""
    folder = tmp_path_factory.mktemp("keys")
    for name, subject in (("keeper", "館長 Keeper"), ("other", "Another"), ("ca", "Harbour Authority")):
        self_signed(folder, name, subject)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "keeper@lantern.example", "-f", f"{folder}/ssh")
    (folder / "tsa.cnf").write_text(_TSA.format(folder))
    (folder / "serial").write_text("01\n")
    request = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=Harbour Time"]
    run("openssl", "req", *request, "-keyout", f"{folder}/tsa.key", "-out", f"{folder}/tsa.csr")
    run(
        "openssl", "x509", "-req", "-in", f"{folder}/tsa.csr", "-CA", f"{folder}/ca.pem", "-CAkey", f"{folder}/ca.key", "-days", "2",
        "-CAcreateserial", "-extfile", f"{folder}/tsa.cnf", "-extensions", "leaf", "-out", f"{folder}/tsa.pem",
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module", params=["with its chain", "alone"])
def authority(keys: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an RFC 3161 authority on loopback, which `openssl ts` answers for; its certificate with its chain, or alone."""
    chain = f"certs = {keys}/ca.pem\n" if request.param == "with its chain" else ""
    (keys / "tsa.cnf").write_text(_TSA.format(keys).replace(f"certs = {keys}/ca.pem\n", chain))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            (keys / "query.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            answer = run("openssl", "ts", "-reply", "-config", f"{keys}/tsa.cnf", "-queryfile", f"{keys}/query.tsq")
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    return archive(tmp_path, {"content/a.md": story("First"), "content/b.md": story("Second")})


def sealed(site: Archive, *arguments: str) -> Path:
    made = site.run("seal", *arguments)
    assert made.code == 0, made.err
    assert (site.run("verify").out, site.run("verify").code) == ("", 0)
    return site.folder / "public"


def test_openssl_alone_checks_a_signature_and_its_time_stamp(site: Archive, keys: Path, authority: str) -> None:
    pem = ["--key", f"{keys}/keeper.key", "--certificate", f"{keys}/keeper.pem"]
    public = sealed(site, *pem, "--timestamp", authority, "--timestamp-ca", f"{keys}/ca.pem")
    about = site.page("about.html")
    assert "CN=館長 Keeper" in about and authority in about
    commands = [
        line.replace("&lt;", "<") for line in about.split("<pre><code>")[2].partition("</code>")[0].splitlines() if line.strip()
    ]
    assert [line.split()[:2] for line in commands] == [["openssl", "cms"], ["openssl", "ts"], ["sha512sum", "--check"]]
    for command in commands:
        run("sh", "-c", command, folder=public)
    data = (public / "2025/02/12/a.html").read_bytes()
    site.write({"public/2025/02/12/a.html": data.replace(b"First", b"Forged")})
    assert site.run("verify").out == "public/2025/02/12/a.html: changed\n"


def test_an_ssh_key_signs_too(site: Archive, keys: Path) -> None:
    public = sealed(site, "--key", f"{keys}/ssh")
    command = next(line for line in site.page("about.html").splitlines() if "ssh-keygen -Y verify" in line)
    run("sh", "-c", command.rpartition("<code>")[2].replace("&lt;", "<"), folder=public)
    assert "keeper@lantern.example" in site.page("about.html")
    assert site.run("verify", "--signer", f"{keys}/ssh.pub").code == 0
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{site.folder}/another")
    assert "does not hold" in site.run("verify", "--signer", f"{site.folder}/another.pub").out
    assert "is a certificate; this seal is checked with an SSH public key" in site.run("verify", "--signer", f"{keys}/ca.pem").out


def test_who_rewrites_the_manifest_too_is_found_out(site: Archive, keys: Path) -> None:
    public = sealed(site, "--key", f"{keys}/keeper.key", "--certificate", f"{keys}/keeper.pem")
    site.write({"content/a.md": story("Forged")}).build()
    text = (public / MANIFEST).read_text()
    now = (public / "manifest-sha512.txt").read_text()
    for place in (site.folder / "seals/manifest-sha512.txt", public / MANIFEST):
        place.write_text("".join(line + "\n" for line in now.splitlines() if "seal/" not in line and "about.html" not in line))
    run_ = site.run("verify")
    assert (run_.code, "manifest-sha512.txt.p7s: does not hold" in run_.out) == (1, True), run_.out
    assert text != (public / MANIFEST).read_text()
    sealed(site, "--key", f"{keys}/other.key", "--certificate", f"{keys}/other.pem")
    assert "does not hold" in site.run("verify", "--signer", f"{keys}/keeper.pem").out, "another key signed it"


def test_a_build_after_the_seal_is_told_and_is_no_damage(site: Archive, keys: Path, tmp_path: Path) -> None:
    public = sealed(site, "--key", f"{keys}/ssh")
    date = site.page("about.html").partition('Sealed: <time datetime="')[2][:20]
    site.write({"content/c.md": story("Third")}).build()
    run_ = site.run("verify")
    told = f"public/{MANIFEST}: sealed as of {date}; changed by builds since: "
    assert (run_.code, run_.out, run_.err.startswith(told)) == (0, "", True), run_.err
    quiet = site.run("verify", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    assert site.run("bag", str(tmp_path / "bag")).code == 0
    for copy in (public, tmp_path / "bag"):
        run_ = site.run("verify", str(copy))
        assert (run_.code, run_.out, f"sealed as of {date}" in run_.err) == (0, "", True)
        assert "changed by builds" not in run_.err, "a folder alone does not tell who changed it"
        run_ = site.run("verify", str(copy), "--signer", f"{keys}/ssh.pub")
        assert (run_.code, "the signer vouches for none of these" in run_.out) == (1, True), "nobody but the signer is believed"
    assert site.build("--clean").code == 0
    assert (site.run("verify", "--quiet").code, site.run("verify", "--quiet").err) == (0, "")


def test_a_manifest_that_no_build_wrote_is_named(site: Archive) -> None:
    assert site.build().code == 0
    page, manifest = (site.folder / "public" / path for path in ("2025/02/12/a.html", "manifest-sha512.txt"))
    page.write_bytes(page.read_bytes().replace(b"First", b"Forged"))
    manifest.write_bytes(run("sh", "-c", "find . -type f ! -name manifest-sha512.txt | sed 's|^..||' | LC_ALL=C sort | xargs sha512sum",
                             folder=site.folder / "public"))  # fmt: skip
    assert site.run("verify", str(site.folder / "public")).code == 0, "the copy says nothing of it"
    run_ = site.run("verify", "--quiet")
    assert (run_.code, run_.out) == (1, "public/manifest-sha512.txt: changed, and no build did that\n")


def test_a_time_stamp_stands_alone_and_is_of_this_manifest(site: Archive, keys: Path, authority: str) -> None:
    public = sealed(site, "--timestamp", authority, "--timestamp-ca", f"{keys}/ca.pem")
    stamp = public / f"{MANIFEST}.tsr"
    run("openssl", "ts", "-verify", "-data", str(public / MANIFEST), "-in", str(stamp), "-CAfile", f"{keys}/ca.pem")
    data = bytearray(stamp.read_bytes())
    data[-5] ^= 1
    stamp.write_bytes(bytes(data))
    out = site.run("verify").out
    assert f"public/{MANIFEST}.tsr: does not hold" in out
    assert "Using configuration" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "give --key FILE to sign, --timestamp URL"),
        (["--key", "{keys}/keeper.key"], 2, "is no OpenSSH key"),
        (["--key", "{keys}/keeper.key", "--certificate", "{keys}/other.pem"], 2, "openssl:"),
        (["--timestamp", "http://127.0.0.1:9/"], 3, "does not answer"),
        (["--timestamp", "ftp://x.example/"], 2, "must begin with https://"),
    ],
)
def test_what_cannot_be_sealed_is_said_and_leaves_nothing(
    site: Archive, keys: Path, arguments: list[str], code: int, said: str
) -> None:
    made = site.run("seal", *(argument.format(keys=keys) for argument in arguments))
    assert (made.code, said in made.err) == (code, True), made.err
    assert not list(site.folder.glob("*seals*"))


def test_a_seal_goes_with_the_bag_and_comes_back(site: Archive, keys: Path, tmp_path: Path) -> None:
    sealed(site, "--key", f"{keys}/ssh")
    assert site.run("bag", str(tmp_path / "bag")).code == 0
    assert (
        site.run("verify", str(tmp_path / "bag")).out,
        site.run("init", "--from", str(tmp_path / "bag"), str(tmp_path / "again")).code,
    ) == ("", 0)
    again = Archive(tmp_path / "again")
    assert again.build().code == 0
    assert again.published() == site.published()
    assert again.run("verify", "--signer", f"{keys}/ssh.pub").code == 0
