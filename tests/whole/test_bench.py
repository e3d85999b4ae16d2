"""The benchmark: its articles are the same each time, its figures those that were measured, its tables and its chart right."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from builder.articles.parsing import parse_article
from builder.config.site import Site
from tests.bench import chart, imports, table
from tests.bench.archives import FIRST_DAY, Corpus, Generated
from tests.bench.cost import Cost, Work, measure, middle
from tests.bench.edits import Editor
from tests.bench.ours import Morgue
from tests.bench.results import Result, Search, ratio, short, spread
from tests.bench.search import questions

SVG = "{http://www.w3.org/2000/svg}"


def cost(work: Work, wall: float, peak: float = 100) -> Cost:
    return Cost(work, wall, wall, peak, 20, 3.0, 10, 2.0, {"search": 7}, 0.1)


@pytest.fixture
def result() -> Result:
    walls = {
        Work.COLD: 30,
        Work.WITHOUT: 21,
        Work.SAME: 0.4,
        Work.EDITED: 0.5,
        Work.LATE: 0.6,
        Work.HUGO: 10,
        Work.PAGEFIND: 20,
        Work.HUGO_RELATED: 80,
    }
    again = [cost(Work.HUGO_EDITED, 10), cost(Work.PAGEFIND_EDITED, 20)]
    searches = [Search("Morgue", [40, 50], [9, 9], [100, 150], [50, 60], 2, 300, 2.5), Search("Pagefind", [400, 500], [17, 17], [400, 500], [60, 70], 2, 900, 3)]  # fmt: skip
    return Result("A & B", 1000, [*(cost(work, wall, 100 * wall) for work, wall in walls.items()), *again], searches)


def row(text: str, name: str) -> list[str]:
    return next([cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith(f"| {name} |"))


def test_invented_articles_are_the_same_each_time_and_load_without_problems() -> None:
    stories = list(Generated(300).stories())
    assert stories == list(Generated(300).stories())
    assert len({story.path for story in stories}) == 300
    assert stories[0].date == f"{FIRST_DAY:%Y-%m-%dT%H:%M:%SZ}" and stories[-1].date.startswith("2023-12-")
    assert [story.date for story in stories] == sorted(story.date for story in stories)
    for story in stories:
        loaded = parse_article(f"{story.path}.md", story.text.encode(), Path("content"), Site())
        assert not loaded.problems and not loaded.unknown and loaded.article is not None
        assert (loaded.article.title, loaded.article.tags) == (story.title, story.tags)


def test_a_corpus_gives_the_stories_that_are_published(tmp_path: Path) -> None:
    Generated(20).write(tmp_path)
    (tmp_path / "content/draft.md").write_text("---\ntitle: Not yet\ndate: 2024-01-01\ndraft: true\n---\nText.\n")
    (tmp_path / "content/broken.md").write_text("---\ntitle: [\n---\nText.\n")
    stories = list(Corpus(tmp_path).stories())
    assert [(story.title, story.body.strip()) for story in stories] == [
        (story.title, story.body.strip()) for story in Generated(20).stories()
    ]
    Corpus(tmp_path).write(tmp_path / "copy")
    assert list(Corpus(tmp_path / "copy").stories()) == stories


def test_each_edit_is_of_another_article_and_leaves_it_sound(tmp_path: Path) -> None:
    Generated(200).write(tmp_path)
    before = {story.path: story for story in Corpus(tmp_path).stories()}
    editor = Editor(tmp_path / "content")
    for turn in range(3):
        editor.mend(turn)
        editor.add(turn)
        editor.file_late(turn)
    after = {story.path: story for story in Corpus(tmp_path).stories()}
    mended = [path for path, story in before.items() if after[path] != story]
    assert len(mended) == 3 and all(after[path].body.startswith(before[path].body.rstrip()) for path in mended)
    made = sorted(after[path].date for path in after.keys() - before.keys())
    assert len(made) == 6 and made[2] < "2007" and made[3:] == [max(story.date for story in before.values())] * 3


def test_a_cost_counts_what_was_written_and_the_work_of_orphans(tmp_path: Path) -> None:
    output = tmp_path / "public"
    (output / "a").mkdir(parents=True)
    (output / "a/kept.html").write_text("kept")
    (output / "a/again.html").write_text("before")
    work = "import pathlib, time; pathlib.Path('public/a/again.html').write_text('after!'); pathlib.Path('public/new.html').write_text('n' * 1000)"
    orphan = "import time\nwhile time.process_time() < 0.3: pass"
    started = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {orphan!r}]); {work}"
    found = measure(Work.COLD, [sys.executable, "-c", started], output, tmp_path)
    assert (found.files, found.files_written, found.places) == (3, 2, {"a": 1, "new.html": 1})
    assert found.size_written == pytest.approx(0.001006)
    if sys.platform == "linux":
        assert found.cpu >= 0.3
    with pytest.raises(SystemExit, match="no such thing"):
        measure(Work.COLD, [sys.executable, "-c", "raise SystemExit('no such thing')"], output, tmp_path)


def test_an_archive_is_built_without_the_browsers_index_and_with_it(tmp_path: Path) -> None:
    Generated(16).write(tmp_path)
    without, cold = Morgue(tmp_path).cold()
    assert "search" not in without.places and cold.places["search"] > 10
    assert cold.files_written == without.files_written + cold.places["search"]
    assert without.index is not None and cold.index is not None
    asked = questions(Generated(16).sample())
    assert len(set(asked)) > 20 and asked == questions(Generated(90).sample())


def test_the_middle_of_several_runs_counts() -> None:
    walls = [3.0, 1.0, 2.0]
    assert middle(3, lambda turn: cost(Work.SAME, walls[turn])).wall == 2.0


def test_figures_are_short_and_ratios_known_or_not() -> None:
    assert [short(figure) for figure in (0.004, 9.994, 9.996, 99.96, 1234.5)] == ["0.00", "9.99", "10.0", "100", "1,234"]
    assert (ratio(1, 3), ratio(1, 100), ratio(1, None), ratio(None, 1)) == ("0.33", "0.010", "–", "–")
    assert spread(list(range(1, 25))) == (12.5, 22, 24)


def test_tables_give_ratios_to_hugo_and_pagefind_together(result: Result) -> None:
    text = table.costs(result)
    assert row(text, Work.COLD)[1:4] == ["30.0", "1.00", "0.30"]
    assert row(text, Work.EDITED)[1:4] == ["0.50", "0.017", "0.005"]
    assert row(text, "**Hugo + Pagefind**")[1:6] == ["30.0", "1.00", "0.30", "30.0", "2,000"]
    alone = Result("Alone", 10, [cost(Work.COLD, 3), cost(Work.HUGO, 1)])
    assert row(table.costs(alone), Work.COLD)[2:4] == ["–", "–"]
    assert "Pagefind**" not in table.costs(alone)
    large = Result("Ten times", 10_000, [cost(Work.COLD, 330), cost(Work.SAME, 1), cost(Work.EDITED, 1), cost(Work.LATE, 2)])
    assert row(table.scaling([large, result]), "10,000")[1:7] == ["330", "33.0", "1.10", "1.00", "1.00", "1.00"]
    assert row(table.scaling([large, result]), "1,000")[6] == "0.50"
    searched = table.searches(result)
    assert row(searched, "Pagefind")[1] == "450 / 500 / 500"
    assert (
        "| Morgue | 9.00 | 300 | 2.50 | 7 | 0.10 | 7 |" in searched
        and "| Pagefind | 20.0 | 900 | 3.00 | 10 | 20.0 | – |" in searched
    )


def test_the_chart_is_well_formed_and_says_its_figures(result: Result) -> None:
    drawn = ET.fromstring(chart.draw(result, "2 cores <&> more"))
    texts = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert "30.0 slevel" in texts and "0.50 s60× faster" in texts and "45.0 KB10× less" in texts and "2 cores <&> more" in texts
    assert "Building everything: Morgue 30.0 s, Hugo + Pagefind 30.0 s, … with related stories too 100 s." in drawn.findtext(
        f"{SVG}desc", ""
    )
    lengths = [float(bar.get("width", "0")) for bar in drawn.iter(f"{SVG}rect") if bar.get("class") == "ours"]
    assert lengths[0] == pytest.approx(chart.LONGEST * 0.3, abs=0.1)
    assert all(0 < length <= chart.LONGEST for length in lengths)
    alone = ET.fromstring(chart.draw(Result("Alone", 10, [cost(Work.COLD, 3), cost(Work.EDITED, 1)]), ""))
    assert "3.00 s" in ["".join(text.itertext()) for text in alone.iter(f"{SVG}text")]


def test_imports_are_measured_with_every_story_in(tmp_path: Path) -> None:
    imports.write_pages(tmp_path / "pages", 3)
    assert imports.write_export(tmp_path / "export.xml", 4) == 4
    assert 5 < imports.write_export(tmp_path / "large.xml", 1 << 60, 30_000) < 60
    assert (tmp_path / "large.xml").stat().st_size >= 30_000
    for source, count in ((tmp_path / "pages", 3), (tmp_path / "export.xml", 4)):
        measured = imports.bring_in("Stories", source, count, tmp_path)
        assert len(list((tmp_path / f"archive of {source.name}" / "content").rglob("*.md"))) == count
        assert measured.processor > 0 < measured.peak
    assert row(f"{imports.HEAD}\n{imports.ImportCost('Posts', 1_000, 4.0, 123.4).line}", "Posts") == [
        "Posts",
        "1,000",
        "4.0",
        "500",
        "123",
    ]
