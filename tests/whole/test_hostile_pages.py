"""No script of an article or a question runs in a browser that no content security policy holds back, and nobody else is asked for anything."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, ProxySettings, Request

from tests import hostile
from tests.browser import served
from tests.effort import effort
from tests.sites import Archive, archive

pytestmark = pytest.mark.proof
BODIES, SETS, QUESTIONS = effort(12, 1200), effort(6, 700), effort(4, 240)
PAGES, PARTS = effort(40, 2787), effort(1, 4)
YEARS = effort(1, 12)
ALL_AT_ONCE = 12

HOOK = """
for (const name of ["hook", "alert", "confirm", "prompt", "print"])
  Object.defineProperty(window, name, { value: (...args) => console.error("A SCRIPT RAN", name, String(args), location.href) });
"""
OPEN = """
async (addresses) => {
  const faults = [];
  const text = (page, selector) => page.querySelector(selector)?.textContent.trim() ?? "";
  const isWaiting = (page) =>
    /^$|…$/.test(text(page, "#result-count")) && !text(page, "#date-trouble") && page.querySelector(".trouble")?.hidden !== false;
  const frames = addresses.map((address) => {
    const frame = document.createElement("iframe");
    frame.width = 900;
    frame.height = 600;
    const loaded = new Promise((done) => { frame.onload = done; setTimeout(done, 20000); });
    frame.src = address;
    document.body.append(frame);
    return { frame, loaded, address };
  });
  for (const { frame, loaded, address } of frames) {
    await loaded;
    const page = frame.contentDocument;
    if (!page || new URL(page.URL).href !== new URL(address, location.href).href) { faults.push(`${address} became ${page && page.URL}`); continue; }
    if (address.includes("search.html?"))
      for (let turn = 0; turn < 400 && isWaiting(page); turn++) await new Promise((done) => setTimeout(done, 25));
    for (const element of page.querySelectorAll("*")) {
      for (const { name, value } of element.attributes) {
        const isBar = name === "style" && /^height: [\\d.]+%;$/.test(value);
        if (/^on|^style$|^srcdoc$|^formaction$|^ping$|^background$/i.test(name) && !isBar)
          faults.push(`${address}: <${element.localName} ${name}="${value}">`);
        if (/^(href|src|action|data|cite|xlink:href|poster)$/i.test(name) && /^[\\s\\x00-\\x20]*(javascript|vbscript|data)\\s*:/i.test(value))
          faults.push(`${address}: <${element.localName} ${name}="${value}">`);
      }
      if (element.closest("main")) for (const event of ["error", "load", "focus", "mouseover", "toggle", "animationstart", "begin"]) element.dispatchEvent(new Event(event));
    }
    const story = page.querySelector(".text, #results");
    if (story?.querySelector("script, style, iframe, object, embed, form, base, meta, link, svg, math, video, audio"))
      faults.push(`${address}: ${story.innerHTML.slice(0, 400)}`);
  }
  await new Promise((done) => setTimeout(done, 30));
  for (const { frame } of frames) frame.remove();
  return faults;
}
"""


def files() -> dict[str, str | bytes]:
    """Articles with hostile bodies, with hostile front matter, and a setting of each kind that is shown."""
    parts = hostile.fragments(4)
    shown = "".join(f"{name}: {json.dumps(next(parts))}\n" for name in ("title", "description", "publisher", "data_terms"))
    made: dict[str, str | bytes] = {
        "site.yml": f"{shown}url: https://lantern.example/\nlanguage: en\nmarkdown: [github]\nuntitled: keep\n",
    }
    chance = random.Random(5)

    def day() -> str:
        return f"{chance.randint(2024 - YEARS, 2023)}-{chance.randint(1, YEARS):02}-{chance.randint(1, 28):02}"

    for number, body in enumerate(hostile.bodies(BODIES)):
        made[f"content/body/{number}.md"] = f"---\ntitle: Body {number}\ndate: {day()}\nsource: The Lantern\n---\n{body}\n"
    for number, front in enumerate(hostile.front_matters(SETS)):
        name = f"<img src=x onerror=hook(1)>{number}" if number % 50 == 0 else f"{number}"
        made[f"content/front/{name}.md"] = f"---\n{front}\ndate: {day()}\n---\nA story, number {number}.\n"
    return made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = archive(tmp_path_factory.mktemp("hostile") / "site", files())
    assert made.build("--keep-going", "--quiet").code in {0, 1}
    return made


@pytest.fixture
def seen(browser: Browser, site: Archive) -> Iterator[tuple[Page, list[str]]]:
    """A page of the site in a browser without its policy, and what happened there that must not."""
    happened: list[str] = []
    with served(site.folder / "public") as address:
        away = ProxySettings(server="http://127.0.0.1:9", bypass="127.0.0.1")  # where nobody listens: what is asked of others fails
        context: BrowserContext = browser.new_context(bypass_csp=True, service_workers="block", proxy=away)
        context.add_init_script(HOOK)
        home = urlsplit(address).netloc

        def note(request: Request) -> None:
            url = urlsplit(request.url)
            is_picture = request.resource_type == "image" and url.hostname == "pictures.example"
            if url.scheme in {"http", "https", "ws", "wss", "ftp"} and url.netloc != home and not is_picture:
                happened.append(f"{request.resource_type} {request.url}")

        def close(dialog: Dialog) -> None:
            happened.append(f"dialog {dialog.message}")
            dialog.dismiss()

        context.on("request", note)
        page = context.new_page()
        page.on("console", lambda message: happened.extend([message.text] if "A SCRIPT RAN" in message.text else []))
        context.on("dialog", close)
        context.on("weberror", lambda error: happened.append(f"error {error.error}"))
        context.on("page", lambda other: happened.append(f"window {other.url}"))
        page.goto(f"{address}/robots.txt")
        yield page, happened
        context.close()


def opened(page: Page, addresses: list[str]) -> list[Any]:
    faults: list[Any] = []
    for at in range(0, len(addresses), ALL_AT_ONCE):
        faults += page.evaluate(OPEN, addresses[at : at + ALL_AT_ONCE])
    return faults


@pytest.mark.parametrize("part", range(PARTS))
def test_no_script_of_an_article_runs_on_any_page(site: Archive, seen: tuple[Page, list[str]], part: int) -> None:
    page, happened = seen
    published = site.published()
    pages = [path for path in published if path.endswith(".html") or ("/" not in path and path.endswith(".xml"))]
    stories = [path for path in pages if path.count("/") == 3 and path[:4].isdigit() and not path.endswith("index.html")]
    assert len(stories) > 0.9 * (BODIES + SETS)
    assert len(pages) >= PAGES
    assert not [path for path in pages if str(190003 * 170021).encode() in published[path]], "templates run what an article says"
    assert (opened(page, [f"/{quoted(path)}" for path in pages[part::PARTS]]), happened) == ([], [])


def test_no_script_of_a_question_runs_on_the_search_page(seen: tuple[Page, list[str]]) -> None:
    page, happened = seen
    addresses = [f"/search.html?{urlencode(question)}" for question in hostile.questions(QUESTIONS)]
    assert (opened(page, addresses), happened) == ([], [])


def quoted(path: str) -> str:
    return "/".join(map(quote, path.split("/")))
