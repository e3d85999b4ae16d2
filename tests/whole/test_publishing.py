"""The recipes of builder/output/README.md, as a person pastes them: nginx under a sub-path, the workflow, what changed by rsync."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from http.client import HTTPConnection
from pathlib import Path
from socket import socket

import pytest
import yaml

import builder.output
from tests.sites import SITE, Archive, archive, lacking, story

PAGE = (Path(builder.output.__file__).parent / "README.md").read_text(encoding="utf-8")
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
BASE = "user {user}; worker_processes 1; daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\n"


def recipe(beginning: str) -> str:
    """The indented block of the page that has a line which begins so, without its indentation."""
    blocks = re.findall(r"(?:^    .*\n|^\n(?=    ))+", PAGE, re.MULTILINE)
    (block,) = [block for block in blocks if f"    {beginning}" in block]
    return "".join(line[4:] or "\n" for line in block.splitlines(keepends=True))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("site")
    files = {"content/a.md": story(tags="[port]"), "content/b.md": story("渡輪", slug="渡輪", date="2024-01-01", tags="[port]")}
    files["content/c.md"] = story("Three", date="2024-01-02", tags="[port]", slug="c", language="zh-Hant")
    site = archive(folder, {**files, "site.yml": SITE.replace("lantern.example/", "lantern.example/archive/")})
    assert site.build().code == 0
    return site


def test_nginx_serves_the_archive_under_a_sub_path(site: Archive, tmp_path: Path) -> None:
    if NGINX is None:
        lacking("no nginx here")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    locations = recipe("location /archive/ {").replace("/srv/archive/", f"{site.folder}/public/")
    temporary = "".join(f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    types = "types { text/html html; application/javascript js; text/css css; text/xml xml; application/json json; }"
    server = f"http {{ access_log off; {temporary} {types} server {{ listen 127.0.0.1:{port};\n{locations} }} }}"
    user = Path(site.folder).owner()
    (tmp_path / "nginx.conf").write_text(BASE.format(folder=tmp_path, user=user) + server, encoding="utf-8")
    process = subprocess.Popen([NGINX, "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.PIPE)
    try:
        wait_for(port, process)
        a_file = next(path for path in site.published() if path.startswith("search/t/"))
        for path, status, kind, cache in (
            ("/archive/", 200, "text/html; charset=utf-8", "max-age=300"),
            ("/archive/2024/01/", 200, "text/html; charset=utf-8", "max-age=300"),
            ("/archive/2024/01/01/%E6%B8%A1%E8%BC%AA.html", 200, "text/html; charset=utf-8", "max-age=300"),
            ("/archive/feed.xml", 200, "application/rss+xml", ""),
            ("/archive/tags/port/feed.xml", 200, "application/rss+xml", ""),
            ("/archive/feeds/zh-hant.xml", 200, "application/rss+xml", ""),
            ("/archive/feeds/2024/01.xml", 200, "application/atom+xml", ""),
            ("/archive/feed.json", 200, "application/feed+json", ""),
            ("/archive/search/manifest.js", 200, "application/javascript", "no-cache"),
            (f"/archive/{a_file}", 200, "application/javascript", "max-age=31536000, immutable"),
            ("/archive/nothing/here", 404, "text/html; charset=utf-8", ""),
            ("/archive", 301, "text/html", ""),
        ):
            answer, body = get(port, path)
            assert (answer[0], path) == (status, path)
            assert answer[1].startswith(kind), path
            assert cache in answer[2], path
            if status == 404:
                assert b"Page not found" in body
                (style,) = re.findall(rb'href="(/[^"]*style[^"]*\.css)"', body)
                assert get(port, style.decode())[0][0] == 200
    finally:
        process.terminate()
        process.communicate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1].decode())
        try:
            get(port, "/archive/")
        except OSError:
            time.sleep(0.05)
        else:
            return


def get(port: int, path: str) -> tuple[tuple[int, str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return (answer.status, answer.getheader("Content-Type", ""), answer.getheader("Cache-Control", "")), answer.read()
    finally:
        connection.close()


def test_the_workflow_for_github_pages_is_whole() -> None:
    workflow = yaml.safe_load(recipe("name: Publish"))
    steps = workflow["jobs"]["publish"]["steps"]
    actions = [step["uses"].partition("@")[0] for step in steps if "uses" in step]
    assert actions == [f"actions/{name}" for name in ("checkout", "setup-python", "cache", "upload-pages-artifact", "deploy-pages")]
    assert [step["run"] for step in steps if "run" in step][1] == "morgue build"
    cached = next(step["with"]["path"] for step in steps if step.get("uses", "").startswith("actions/cache"))
    assert cached.split() == [".morgue", "public"]


@pytest.mark.skipif(shutil.which("awk") is None, reason="no awk here")
def test_a_copy_follows_the_list_of_what_changed(site: Archive, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(site.folder / "public", copy)
    site.write({"content/c.md": None, "content/d.md": story("Four", date="2023-01-02", tags="[port]", slug="四")})
    assert site.build("--changed-list", str(site.folder / "changes.txt")).code == 0
    lines = [line for line in recipe("awk -F").splitlines() if "aws" not in line]
    script = "\n".join(lines).replace("rsync -a --files-from=- public/ server:", "tar -C public -cf - -T - | tar -xf - -C ")
    script = script.replace("ssh server", "sh -c").replace("/srv/archive", str(copy))
    subprocess.run(["sh", "-e", "-c", script], cwd=site.folder, check=True)
    assert Archive(tmp_path).published("copy") == site.published()
