"""Pasted text comes in as its story alone, and all else is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.importers.imports import bring_in, bring_in_text
from tests.sites import archive

WIRE = """\
The harbour town of Port Merrow opened its new ferry terminal on Thursday, two years late and a fifth over its budget.

Ministers from six countries had come for the opening, which a storm moved indoors.

NORLAND-TRANSPORT-FERRIES-PORTS
Minister Ines Falk cuts a ribbon inside the terminal at Port Merrow, on March 4, 2020. Photo: Bo Lindh/Pool/AFP.

But the pier itself — which was the reason for the delay — stays closed until summer.

“We would rather be late than wet,” the harbour master, Odd Berg, said.

supporters splash banner

Support The Quay  |  Policies  |  Contact Us  |  Newsletter  | Apps

Help protect our journalism; keep The Quay free for everyone by supporting our team

$
$

Members of $5/month unlock 3 benefits: a tote, a pen and a tour of the newsroom on the first Monday of each month.

Type of Story: News Service

Produced externally by an organization we trust to adhere to high journalistic standards.

The Trust Project The Quay
International Press Institute
Merrow Bakers' Guild
YouTube video

Agence France-Presse (AFP) is "a global news agency". The Quay relies on AFP to cover what it cannot.
"""


def test_a_wire_story_as_pasted_from_a_page(tmp_path: Path) -> None:
    done = bring_in_text(tmp_path, WIRE)
    words, body = done.only
    assert done.run.code == 0
    assert [line[:12] for line in body.split("\n\n")] == ["The harbour ", "Ministers fr", "But the pier", "“We would ra"]
    assert words["source"] == "The Quay"
    assert words["agency"] == ["AFP"]
    assert words["type"] == "News Service"
    assert words["slugline"] == "NORLAND-TRANSPORT-FERRIES-PORTS"
    assert words["images"] == [
        {
            "src": "",
            "caption": "Minister Ines Falk cuts a ribbon inside the terminal at Port Merrow, on March 4, 2020.",
            "credit": "Bo Lindh/Pool/AFP",
        }
    ]
    assert words["date"] == "2020-03-05"  # the Thursday after the picture
    assert words["title"].startswith("The harbour town of Port Merrow opened")
    assert words["inferred"] == ["date", "title"]


def test_all_that_was_cut_is_in_the_report_with_its_rule(tmp_path: Path) -> None:
    done = bring_in_text(tmp_path, WIRE)
    cut = {entry["text"]: entry["rule"] for entry in done.report["stories"][0]["cut"]}
    assert cut["supporters splash banner"] == "membership-promo"
    assert cut["The Trust Project The Quay"] == "trust-marks"
    assert cut["Merrow Bakers' Guild"] == "fragment-after-furniture"
    assert (
        cut['Agence France-Presse (AFP) is "a global news agency". The Quay relies on AFP to cover what it cannot.']
        == "agency-note"
    )
    _, body = done.only
    front = (done.archive.folder / done.report["stories"][0]["path"]).read_text(encoding="utf-8")
    for line in filter(None, map(str.strip, WIRE.split("\n"))):
        words = " ".join(line.split())
        assert words in body or words in cut or all(part.rstrip(".") in front for part in words.split(" Photo: ")), line


def test_head_of_a_paste(tmp_path: Path) -> None:
    words, body = bring_in_text(
        tmp_path,
        "Ferry terminal opens at last\nBy Ada Lam and Bo Chan\nPublished: 5 March 2020, 10:30 PM\n\n"
        "PORT MERROW, Mar 5 (Reuters) - The terminal opened on Thursday, two years late.\n\n"
        "What comes next\n\nThe pier stays closed until summer, the harbour master said. (Reuters)\n",
    ).only
    assert words["title"] == "Ferry terminal opens at last"
    assert words["byline"] == ["Ada Lam", "Bo Chan"]
    assert words["date"].startswith("2020-03-05T22:30")
    assert (words["dateline"], words["agency"]) == ("PORT MERROW", ["Reuters"])
    assert "inferred" not in words
    assert body == (
        "The terminal opened on Thursday, two years late.\n\n## What comes next\n\n"
        "The pier stays closed until summer, the harbour master said."
    )


def test_a_chinese_paste(tmp_path: Path) -> None:
    words, body = bring_in_text(
        tmp_path,
        "梅羅港新渡輪碼頭啟用\n2020年3月12日\n\n（法新社巴黎11日電）梅羅港的新渡輪碼頭星期三啟用，比原定日期遲了兩年。\n\n"
        "港務主任在典禮上說，寧願遲一點，也不要弄濕乘客。\n\n部長在碼頭剪綵。（圖：何子謙）\n\n相關新聞：碼頭超支\n",
    ).only
    assert words["title"] == "梅羅港新渡輪碼頭啟用"
    assert (words["agency"], words["dateline"], words["date"]) == (["AFP"], "巴黎", "2020-03-12")
    assert words["language"] == "zh-Hant"
    assert words["images"] == [{"src": "", "caption": "部長在碼頭剪綵。", "credit": "何子謙"}]
    assert body.split("\n\n") == [
        "梅羅港的新渡輪碼頭星期三啟用，比原定日期遲了兩年。",
        "港務主任在典禮上說，寧願遲一點，也不要弄濕乘客。",
    ]


@pytest.mark.parametrize(
    ("first", "dateline", "agency"),
    [
        ("PARIS, Feb 11 (AFP) - Words came in.", "PARIS", ["AFP"]),
        ("NEW YORK (AP) — Words came in.", "NEW YORK", ["AP"]),
        ("PARIS/LONDON, 11 Feb (Reuters) -- Words came in.", "PARIS/LONDON", ["Reuters"]),
        ("Gaza City, Palestinian Territories, May 16, 2021 (AFP) - Words came in.", "Gaza City, Palestinian Territories", ["AFP"]),
        ("SEOUL (Yonhap/Kyodo) - Words came in.", "SEOUL", ["Yonhap", "Kyodo News"]),
        ("GENEVA — Words came in.", "GENEVA", None),
        ("【路透社倫敦2月11日電】消息傳來，各方都在等候進一步公布。", "倫敦", ["Reuters"]),
        ("（中央社記者王小明台北12日電）消息傳來，各方都在等候公布。", "台北", ["CNA"]),
    ],
)
def test_datelines(tmp_path: Path, first: str, dateline: str, agency: list[str] | None) -> None:
    words, body = bring_in_text(tmp_path, f"{first}\n\nThe second paragraph says a little more than the first.\n").only
    assert (words.get("dateline"), words.get("agency")) == (dateline, agency)
    assert body.startswith(("Words came in.", "消息傳來"))


@pytest.mark.parametrize("sign", ["-", "•", "*", "–"])
def test_a_list_stays_a_list(tmp_path: Path, sign: str) -> None:
    text = f"The pier has new rules, the harbour master said on Friday:\r\n\r\n{sign} Tickets cost nine crowns\r\n{sign} Dogs sail free\r\n\r\nThey hold until summer, he said.\r\n"
    _, body = bring_in_text(tmp_path, text).only
    assert body == (
        "The pier has new rules, the harbour master said on Friday:\n\n- Tickets cost nine crowns\n- Dogs sail free\n\n"
        "They hold until summer, he said."
    )


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("A ferry leaves on Thursday. (AP Photo/Ada Lam)", "A ferry leaves on Thursday.", "AP Photo/Ada Lam"),
        ("A ferry leaves on Thursday. (AFP file photo)", "A ferry leaves on Thursday.", "AFP file photo"),
        ("A ferry leaves on Thursday. (Bo Chan/AP Photo, File)", "A ferry leaves on Thursday.", "Bo Chan/AP Photo, File"),
        ("A gull above the pier. Photograph: Bo Chan/Getty Images", "A gull above the pier.", "Bo Chan/Getty Images"),
    ],
)
def test_credits_of_pictures(tmp_path: Path, line: str, caption: str, credit: str) -> None:
    text = f"The terminal opened on Thursday, two years late.\n\n{line}\n\nThe pier stays closed until summer, he said.\n"
    words, body = bring_in_text(tmp_path, text).only
    assert words["images"] == [{"src": "", "caption": caption, "credit": credit}]
    assert line not in body


def test_a_writer_with_a_post_and_links_to_share(tmp_path: Path) -> None:
    done = bring_in_text(
        tmp_path,
        "Ferry terminal opens at last\n\nADA LAM, STAFF WRITER\n5 Mar 2020\n\nThe terminal opened on Thursday, two years late.\n\n"
        "The minister said he would share this story with his friends.\n\nShare this:\nClick to share on Social (Opens in new window)\n",
    )
    words, body = done.only
    assert (words["byline"], words["title"]) == (["ADA LAM"], "Ferry terminal opens at last")
    assert body.endswith("share this story with his friends.")
    assert [cut["rule"] for cut in done.report["stories"][0]["cut"]] == ["byline", "share-links", "share-links"]


def test_several_pictures_and_markdown_signs(tmp_path: Path) -> None:
    words, body = bring_in_text(
        tmp_path,
        "The *first* picture shows a_b_c and the price of 5 * 3 in <b>bold</b> figures.\n\n"
        "A ferry leaves. (Photo by Ada Lam / AFP)\n\n1986. That was the year when the pier was built, he said.\n\n"
        "The minister waves to the crowd. Image: J. Berg.\n",
    ).only
    assert [image["credit"] for image in words["images"]] == ["Ada Lam / AFP", "J. Berg"]
    assert body == (
        "The \\*first\\* picture shows a_b_c and the price of 5 * 3 in &lt;b>bold&lt;/b> figures.\n\n"
        "1986\\. That was the year when the pier was built, he said."
    )


def test_lines_that_a_mail_program_wrapped_are_joined(tmp_path: Path) -> None:
    _, body = bring_in_text(
        tmp_path,
        "The harbour town of Port Merrow opened its new ferry terminal\non Thursday, two years late and a fifth over the budget that\n"
        "the council had set in the year before the storm.\n\nMinisters from six countries had come for the opening, which a\n"
        "storm moved indoors after the band had lost its music stands\nto the wind.\n",
    ).only
    assert [len(part.split("\n")) for part in body.split("\n\n")] == [1, 1]


def test_standard_input_and_twice(tmp_path: Path) -> None:
    first = bring_in(tmp_path, "-", stdin=WIRE)
    assert first.report["sources"] == [
        {"path": "standard input", "kind": "text", "found": 1, "written": 1, "updated": 0, "same": 0, "refused": 0, "left_out": {}}
    ]
    before = (first.archive.folder / first.report["stories"][0]["path"]).read_bytes()
    again = bring_in(tmp_path, "-", stdin=WIRE, into=first.archive)
    assert (again.run.code, again.report["sources"][0]["same"], len(again.articles)) == (0, 1, 1)
    assert (first.archive.folder / first.report["stories"][0]["path"]).read_bytes() == before


def test_check_passes_but_for_what_a_person_decides(tmp_path: Path) -> None:
    done = bring_in_text(tmp_path, WIRE)
    run = done.archive.run("check")
    assert run.code == 0
    assert run.out.count("warning") == 1
    assert "there is no file for the picture" in run.out


def test_the_page_shows_the_caption_card_and_the_capture_record(tmp_path: Path) -> None:
    done = bring_in_text(tmp_path, WIRE)
    assert done.archive.build().code == 0
    (path,) = (path for path in done.archive.published() if path.startswith("2020/03/05/") and not path.endswith("index.html"))
    page = done.archive.page(path)
    assert "caption-only" in page
    assert "Minister Ines Falk cuts a ribbon" in page
    assert done.only[0]["captured_sha256"] in page
    assert "Worked out, not given</dt><dd>date, title</dd>" in page
    assert '<img src=""' not in page


def test_nothing_to_import_is_wrong_usage_and_an_empty_text_is_refused(tmp_path: Path) -> None:
    assert bring_in(tmp_path).run.code == 2
    empty = bring_in_text(tmp_path, "\n\n")
    assert empty.run.code == 1
    assert "empty" in empty.run.err


LINES = "渡輪公司星期四宣布，下月一日起加價百分之五。", "公司表示，油價上升是加價的主因。"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        ("▲渡輪公司在碼頭張貼告示。（何子謙攝）", "渡輪公司在碼頭張貼告示。", "何子謙"),
        ("△夜里的码头。（李大文 摄）", "夜里的码头。", "李大文"),
        ("▲乘客在码头排队。新华社记者 王小明 摄", "乘客在码头排队。", "新华社记者 王小明"),
        ("乘客在碼頭排隊。　李大文攝", "乘客在碼頭排隊。", "李大文"),
        ("▼ 渡輪在雨中離岸。（圖／李大文提供）", "渡輪在雨中離岸。", "李大文提供"),
        ("▲ 碼頭張貼告示，乘客圍觀", "碼頭張貼告示，乘客圍觀", ""),
    ],
)
def test_words_of_pictures_in_chinese(tmp_path: Path, line: str, caption: str, credit: str, end: str) -> None:
    text = f"渡輪加價下月生效\n\n{LINES[0]}\n\n{line}\n\n{LINES[1]}\n\n▲第二張圖。（圖：何子謙）\n".replace("\n", end)
    words, body = bring_in_text(tmp_path, text).only
    second = {"src": "", "caption": "第二張圖。", "credit": "何子謙"}
    first = {"src": "", "caption": caption, **({"credit": credit} if credit else {})}
    assert words["images"] == [first, second]
    assert body.split("\n\n") == [*LINES]


@pytest.mark.parametrize("sentence", ["他說這部電影在港口拍攝。", "渡輪（見圖）於雨中離岸，由遊客偷攝。"])
def test_a_sentence_about_taking_pictures_is_text(tmp_path: Path, sentence: str) -> None:
    words, body = bring_in_text(tmp_path, f"渡輪加價下月生效\n\n{LINES[0]}\n\n{sentence}\n\n{LINES[1]}\n").only
    assert "images" not in words
    assert body.split("\n\n") == [LINES[0], sentence, LINES[1]]


@pytest.mark.parametrize(
    ("line", "byline", "dateline", "agency"),
    [
        ("王小明 台北電", ["王小明"], "台北", None),
        ("本報記者王小明／高雄3日電", ["王小明"], "高雄", None),
        ("【記者李大文／北京3日电】", ["李大文"], "北京", None),
        ("（中央社記者王小明高雄3日電）", ["王小明"], "高雄", ["CNA"]),
        ("（法新社巴黎11日電）", None, "巴黎", ["AFP"]),
    ],
)
def test_bylines_that_name_the_place(
    tmp_path: Path, line: str, byline: list[str] | None, dateline: str, agency: list[str] | None
) -> None:
    words, body = bring_in_text(tmp_path, f"渡輪加價下月生效\n{line}\n\n{LINES[0]}\n\n{LINES[1]}（完）\n").only
    assert (words.get("byline"), words["dateline"], words.get("agency")) == (byline, dateline, agency)
    assert words["title"] == "渡輪加價下月生效"
    assert body.split("\n\n") == [*LINES]


def test_simplified_characters_are_known_from_few_words(tmp_path: Path) -> None:
    assert bring_in_text(tmp_path, "渡轮公司星期四宣布，下月一日起加价百分之五。\n").only[0]["language"] == "zh-Hans"


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are POSIX's")
@pytest.mark.parametrize(
    ("answer", "title", "is_marked"), [("Ferry opens late", "Ferry opens late", False), ("", "The harbour opened", True)]
)
def test_the_headline_is_asked_for_on_a_terminal(tmp_path: Path, answer: str, title: str, *, is_marked: bool) -> None:
    import pty

    archive(tmp_path / "a", {})
    (tmp_path / "paste.txt").write_text("The harbour opened. It was late.\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    command = [sys.executable, "-m", "builder", "import", str(tmp_path / "paste.txt"), "-C", str(tmp_path / "a"), "--jobs", "1"]
    done = subprocess.run(command, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, timeout=60, check=False)
    asked = os.read(ours, 65536).decode()
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0, asked
    assert "the headline [The harbour opened]" in asked
    (article,) = (tmp_path / "a/content").rglob("*.md")
    text = article.read_text(encoding="utf-8")
    assert f"title: {title}\n" in text
    assert ("- title" in text or "[title" in text) is is_marked


def test_a_wires_picture_lines_without_a_word_for_photo_are_captions(tmp_path: Path) -> None:
    body = "The board met on Monday and voted for a new pier after six hours.\n\n{}\n\nThe mayor said work would begin before the winter.\n"
    for line, credit in {
        "A boat lies at the old pier, June 3, 2018. REUTERS/Jo Brack": "REUTERS/Jo Brack",
        "A boat lies at the old pier, June 3, 2018. AP Photo/Jo Brack": "AP Photo/Jo Brack",
        "A boat lies at the old pier, June 3, 2018. Jo Brack/Pool/AFP": "Jo Brack/Pool/AFP",
    }.items():
        folder = tmp_path / credit.replace("/", "-")
        folder.mkdir()
        (folder / "paste.txt").write_text(f"Pier approved\n\nJune 4, 2018\n\n{body.format(line)}", encoding="utf-8")
        front, text = bring_in(folder, str(folder / "paste.txt")).only
        assert front["images"] == [{"src": "", "caption": "A boat lies at the old pier, June 3, 2018.", "credit": credit}]
        assert "boat" not in text


def test_the_sites_name_above_the_menu_is_no_headline_and_a_date_behind_the_writer_counts(tmp_path: Path) -> None:
    file = tmp_path / "lantern.txt"
    file.write_text(
        "The Fenwick Lantern\nSubscribe\nLog in\n\nHarbour dredging starts\n\nby Ola Vink | 12 March 2019, 7:45 am\n\n"
        "The harbour of Fenwick will be dredged from next week, the port office said on Tuesday.\n\n"
        "Ships of more than three metres must wait for high water, the office added.\n",
        encoding="utf-8",
    )
    front, text = bring_in(tmp_path, str(file)).only
    assert (front["title"], front["byline"], front["source"]) == ("Harbour dredging starts", ["Ola Vink"], "The Fenwick Lantern")
    assert str(front["date"]).startswith("2019-03-12")
    assert front["inferred"] == ["source"]
    assert text.strip().startswith("The harbour of Fenwick")


@pytest.mark.parametrize(
    ("sign_off", "byline"),
    [
        ("(Reporting by Ada Lam in Hong Kong and Bo Chan; Editing by Cy Ode)", ["Ada Lam", "Bo Chan"]),
        ("Writing by Ada Lam; additional reporting by Cy Ode; Editing by Bo Chan", ["Ada Lam"]),
        ("(Rédigé par Ada Lam, édité par Bo Chan)", ["Ada Lam"]),
        ("(Bericht von Ada Lam, redigiert von Bo Chan)", ["Ada Lam"]),
        ("（記者王小明；編輯李大文）", ["王小明"]),
        ("（譯者：王小明/核稿：李大文）1130211", None),
        ("(Reporting by Beijing newsroom; Editing by Bo Chan)", None),
    ],
)
@pytest.mark.parametrize("is_short", [True, False])
def test_what_a_wire_writes_under_its_copy_stays_and_names_the_writers(
    tmp_path: Path, sign_off: str, byline: list[str] | None, is_short: bool
) -> None:
    text = ["The port opened on Monday after two years of work, the harbour office said."] * (1 if is_short else 4)
    words, body = bring_in_text(tmp_path, "\n\n".join(["The port opens", *text, sign_off])).only
    assert words.get("byline") == byline
    assert body.split("\n\n") == [*text, sign_off]


@pytest.mark.parametrize(
    ("opening", "words"),
    [
        ("MADRID (EFE).- ", {"dateline": "MADRID", "agency": ["EFE"]}),
        ("Lima (EFE).- ", {"dateline": "Lima", "agency": ["EFE"]}),
        ("【本報記者王小明報道】", {"byline": ["王小明"]}),
        ("〔記者王小明、李大文／台北報導〕", {"byline": ["王小明", "李大文"], "dateline": "台北"}),
    ],
)
def test_openings_of_wires_and_newspapers_are_taken_off_the_text(tmp_path: Path, opening: str, words: dict[str, object]) -> None:
    text = "港口新碼頭星期四開幕，耗資超出預算兩成。" if opening[-1] in "】〕" else "El puerto abre el lunes, dijo el alcalde."
    front, body = bring_in_text(tmp_path, f"{opening}{text}\n\n{text}\n\nSuscríbete a nuestro boletín\n").only
    assert {word: front.get(word) for word in words} == words
    assert body.split("\n\n") == [text, text]
    assert front["title"] == text.rstrip("。.")
