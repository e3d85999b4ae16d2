"""Pastes in the shapes of many sites and wires (`pastes/`): body complete and nothing else, and no text gone without a word.

Each file has the text as pasted, and the front matter and body that a librarian would make of it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.base.yaml_parsing import parse
from tests.importers.imports import Imported, bring_in_text

PASTES = sorted(Path(__file__).parent.joinpath("pastes").glob("*.yml"))
ZONE = "timezone: Asia/Hong_Kong\n"
HEAD = "Ferry terminal opens at last\n\n{}\n\n"
TEXT = (
    "The terminal opened on Thursday, two years late, and nobody had come to see it.\n\n"
    "The pier stays closed until summer, the harbour master said.\n"
)


def pieces(text: str) -> set[str]:
    """Words, and pairs of characters in scripts without spaces."""
    return set(re.findall(r"[\u3040-\u9fff]{2}|[^\W\d_\u3040-\u9fff]{4,}", text))


def named(done: Imported) -> str:
    """All text of the articles and of the report's cuts."""
    cuts = [cut["text"] for story in done.report["stories"] for cut in story["cut"]]
    return "\n".join([file.read_text(encoding="utf-8") for file in (done.archive.folder / "content").rglob("*.md")] + cuts)


@pytest.mark.parametrize("file", PASTES, ids=lambda file: file.stem)
def test_a_paste_gives_its_story_and_nothing_else(tmp_path: Path, file: Path) -> None:
    expected = parse(file.read_text(encoding="utf-8"))
    done = bring_in_text(tmp_path, expected["paste"], site=ZONE)
    front, body = done.only
    assert {word: value for word, value in front.items() if word != "id" and not word.startswith("captured")} == expected["front"]
    assert body == expected["body"].strip()
    text = named(done)
    for line in expected["paste"].splitlines():
        if len(line) > 60 and not re.search(r"\d{4}", line):  # shorter ones are dates, labels and names, which change their form
            assert len(pieces(line) - pieces(text)) <= 1, line


@pytest.mark.parametrize(
    ("line", "date", "updated"),
    [
        ("March 14, 2023 4:12 PM GMT+1 · Updated 3 hours ago", "2023-03-14T23:12:00+08:00", None),
        ("9:41 AM HKT, August 2, 2024", "2024-08-02T09:41:00+08:00", None),
        ("Sun 5 Nov 2023 21.40 GMT", "2023-11-06T05:40:00+08:00", None),
        ("Published: 9:00am, 12 May 2021Updated: 11:42am, 12 May 2021", "2021-05-12T09:00:00+08:00", "2021-05-12T11:42:00+08:00"),
        ("Oct. 3, 2019, 5:00 a.m. ET", "2019-10-03T17:00:00+08:00", None),
        ("3 Oct 2019 10:15 CST", "2019-10-03", None),
        ("Stand: 02.08.2024, 10:15 Uhr", "2024-08-02T10:15:00+08:00", None),
        ("Issued on: 14/03/2023 - 18:20", "2023-03-14T18:20:00+08:00", None),
        ("3.nov.2022 às 17h05", "2022-11-03T17:05:00+08:00", None),
        ("02 AGO 2024 - 10:15 CEST", "2024-08-02T16:15:00+08:00", None),
        ("2 августа 2024, 10:15", "2024-08-02T10:15:00+08:00", None),
        ("2. august 2024 kl. 10.15", "2024-08-02T10:15:00+08:00", None),
        ("2024년 8월 2일 오전 10:20", "2024-08-02T10:20:00+08:00", None),
        ("2024/8/2 下午 3:20", "2024-08-02T15:20:00+08:00", None),
        ("2024年8月2日（金）20時15分", "2024-08-02T20:15:00+08:00", None),
        ("發佈時間: 2021/05/12 12:30", "2021-05-12T12:30:00+08:00", None),
        ("Updated 2 Aug 2024\nPublished 1 Aug 2024", "2024-08-01", "2024-08-02"),
    ],
)
def test_lines_with_the_date(tmp_path: Path, line: str, date: str, updated: str | None) -> None:
    front, body = bring_in_text(tmp_path, HEAD.format(line) + TEXT, site=ZONE).only
    assert (front["title"], front["date"], front.get("updated")) == ("Ferry terminal opens at last", date, updated)
    assert body == TEXT.strip()


@pytest.mark.parametrize(
    ("lines", "cut"),
    [
        ("By Ada Lam\n5 March 2020\nBy Bo Chan", "By Bo Chan"),
        ("5 March 2020\nUpdated 6 March 2020\n9 March 2020", "9 March 2020"),
        ("5 March 2020\n02/03/2020", "02/03/2020"),
    ],
)
def test_what_the_head_says_again_is_named(tmp_path: Path, lines: str, cut: str) -> None:
    done = bring_in_text(tmp_path, HEAD.format(lines) + TEXT, site=ZONE)
    front, body = done.only
    assert (front["title"], front["date"], body) == ("Ferry terminal opens at last", "2020-03-05", TEXT.strip())
    assert cut in [entry["text"] for entry in done.report["stories"][0]["cut"]]


def test_a_date_that_may_be_two_days_is_told_and_not_guessed(tmp_path: Path) -> None:
    done = bring_in_text(tmp_path, HEAD.format("02/08/2024 10:15") + TEXT, site=ZONE)
    assert '"02/08/2024 10:15" cannot be read without guessing' in done.run.err
    assert "date" not in done.only[0]
    assert {"rule": "date-line", "text": "02/08/2024 10:15"} in done.report["stories"][0]["cut"]


@pytest.mark.parametrize(
    "line",
    [
        "Marta Ruiz joined the ministry in 2012 and has written two books about the coast.",
        "Ines Falk is a reporter at the harbour's radio who was on board that night.",
        "Correction fluid was found on the log, the inspector said on Thursday.",
        "She asked readers to follow live music, not live news.",
    ],
)
def test_text_that_resembles_what_surrounds_stories_stays(tmp_path: Path, line: str) -> None:
    text = (
        f"Ferry terminal opens at last\nBy Ada Lam\n\n{TEXT}\nAdvertisement\n\n{line}\n\nRead more: The pier that nobody wanted\n"
    )
    assert bring_in_text(tmp_path, text).only[1].endswith(line)
