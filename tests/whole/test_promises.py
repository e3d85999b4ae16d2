"""What the README promises, each with the tests that guard it: a promise without one is wishful, a test that is gone leaves one bare."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.reference import ROOT
from tests.sites import archive

PROMISES: dict[str, tuple[str, ...]] = {
    "Nothing runs on a server. It opens from any web host and from a USB stick.": (
        "whole/test_browser.py::test_every_link_leads_to_a_file",
        "whole/test_search_page.py::test_a_host_that_allows_no_connections_is_searched_by_scripts",
        "whole/test_looks.py::test_pages_from_a_disk_lead_on_and_say_where_the_feeds_will_be",
    ),
    "**Every problem is named** with its file, line and column, all in one run": (
        "whole/test_messages.py::test_the_usual_mistakes_are_errors_at_their_place",
        "whole/test_hostile_files.py::test_odd_values_are_problems_at_their_place",
        "whole/test_hostile_files.py::test_an_exception_over_one_file_is_an_error_at_that_file",
    ),
    "nothing is dropped without a line that says so": (
        "whole/test_fuzz.py::test_whatever_is_written_a_whole_site_comes_of_it",
        "articles/test_embeds.py::test_scripts_and_styles_go_with_their_text",
        "archive/test_sources.py::test_files_that_are_no_articles_are_named_by_kind",
        "whole/test_build.py::test_unknown_keys_are_told_of_once_a_key",
        "archive/test_address_ledger.py::test_a_deleted_article_is_warned_of_until_it_comes_back_or_another_takes_its_id",
    ),
    "more than ten warnings of one kind are one line with their count": (
        "base/test_warning_groups.py::test_a_warning_that_many_articles_share_is_one_line_with_its_count_and_three_places",
        "base/test_warning_groups.py::test_ten_of_a_kind_and_every_error_have_their_lines",
    ),
    "**A rebuild costs what changed**": (
        "whole/test_incremental.py::test_a_second_build_writes_no_file",
        "whole/test_incremental.py::test_one_edit_writes_what_shows_it_and_no_more",
    ),
    "the result is byte for byte that of a clean build": (
        "whole/test_incremental.py::test_after_any_edits_a_build_equals_a_clean_one",
        "whole/test_build.py::test_jobs_and_clean_builds_give_the_same_bytes",
        "whole/test_damage.py::test_after_flipped_bytes_a_build_equals_a_clean_one",
        "incremental/test_fingerprints.py::test_another_version_of_a_library_has_all_made_again",
        "incremental/test_fingerprints.py::test_an_article_that_is_gone_leaves_the_site_whatever_was_lost_or_moved",
    ),
    "an address, a feed id or a closed month's page never changes because another story arrives": (
        "archive/test_collection.py::test_a_later_article_gives_an_article_its_next_link_and_nothing_else",
        "archive/test_collection.py::test_what_is_sealed_never_changes_because_of_another_month",
        "archive/test_address_ledger.py::test_every_address_ever_published_answers_after_each_build",
        "articles/test_parsing.py::test_the_id_is_a_tag_uri_of_the_content_path_unless_given",
    ),
    "source, agency, original address, capture time, checksum, corrections, withdrawals": (
        "importers/test_pasted.py::test_the_page_shows_the_caption_card_and_the_capture_record",
        "formats/test_feeds.py::test_wire_copy_keeps_its_own_origin",
        "articles/test_originals.py::test_an_original_is_published_byte_for_byte_and_linked",
        "plan/test_correction_pages.py::test_every_correction_is_listed_newest_first",
        "whole/test_build.py::test_a_tombstone_says_when_and_why_and_nothing_else",
    ),
    "light and dark, phone to wide screen, print, keyboard and screen reader": (
        "whole/test_browser.py::test_no_page_is_wider_than_the_screen_and_none_complains",
        "whole/test_browser.py::test_colours_follow_the_system_and_the_choice",
        "whole/test_browser.py::test_the_keyboard_reaches_search_and_text",
        "whole/test_browser.py::test_print_is_black_on_white_and_has_the_citation",
    ),
    "no web font, no tracker, no CDN": ("whole/test_browser.py::test_nothing_but_our_own_files_may_run",),
    "Run again, it takes what is new and leaves what you have edited.": (
        "importers/test_feeds.py::test_coming_again_changes_nothing_and_a_changed_entry_is_an_update",
        "importers/test_generators.py::test_coming_again_changes_nothing",
    ),
    "`morgue check` lists every problem and writes nothing": (
        "commands/test_check.py::test_every_problem_has_its_line_and_nothing_is_written",
    ),
    "`morgue fix` writes such repairs, and an `id` for each article, into the files after it has shown them to you.": (
        "commands/test_fix.py::test_it_shows_every_change_and_writes_when_told_to",
    ),
    "With an id an article may be renamed and stays the same one for those who subscribe.": (
        "whole/test_build.py::test_a_renamed_file_without_an_id_is_warned_of",
        "articles/test_parsing.py::test_the_id_is_a_tag_uri_of_the_content_path_unless_given",
    ),
    "With errors it publishes nothing and the last good site stays": (
        "whole/test_build.py::test_with_errors_nothing_is_published_and_the_last_good_site_stays",
        "whole/test_incremental.py::test_a_full_disk_leaves_the_last_good_site",
        "whole/test_incremental.py::test_a_killed_build_leaves_whole_pages_and_the_next_one_ends_right",
    ),
    "are pages of your own: `contact.md` stands at `contact.html`, `about.md` gives `about.html` its words": (
        "plan/test_own_pages.py::test_a_page_stands_at_its_name_in_the_frame",
        "plan/test_own_pages.py::test_about_takes_its_words_from_about_md_and_keeps_its_figures",
        "plan/test_own_pages.py::test_menu_and_footer_have_the_pages_that_ask_for_it_in_their_order",
    ),
    "they are no articles, and no list or feed has them": ("plan/test_own_pages.py::test_pages_are_no_articles",),
    "A PDF, a table or a recording that lies beside a story or page is published where that links to it": (
        "articles/test_documents.py::test_a_document_is_published_by_its_name_and_linked",
        "plan/test_own_pages.py::test_links_to_pages_and_from_them_are_checked_with_their_fragments",
    ),
    "on a USB stick, where every link works from `file://`": (
        "whole/test_sample.py::test_every_link_leads_to_a_file",
        "whole/test_search_page.py::test_results_come_while_one_types_and_the_address_follows",
    ),
}  # fmt: skip
"""Sentences of the README, and the tests that would fail if one of them stopped to hold."""


@cache
def functions(path: str) -> set[str]:
    """The names of the functions of a test file."""
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def readme() -> str:
    """The README without its line breaks."""
    return re.sub(r"\s+", " ", Path(ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("promise", PROMISES)
def test_a_promise_stands_in_the_readme_and_its_tests_are_there(promise: str) -> None:
    assert promise in readme()
    assert PROMISES[promise]
    for test in PROMISES[promise]:
        path, _, name = test.partition("::")
        assert (ROOT / "tests" / path).is_file(), test
        assert name in functions(path), test


def test_every_bold_promise_of_the_readme_has_its_tests() -> None:
    text = readme()
    promises = [found.start() for found in re.finditer(r" - \*\*[A-Z]", text)]
    assert len(promises) == 4
    for start in promises:
        sentence = text[start : text.index(" - ", start + 3)]
        assert any(promise in sentence for promise in PROMISES), sentence


def test_the_problems_that_the_readme_shows_are_those_that_check_prints(tmp_path: Path) -> None:
    lines = re.findall(r"^    (content/2014/.*)…$", Path(ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    site = archive(
        tmp_path,
        {
            "site.yml": "title: T\nurl: https://t.example/\nunknown_fields: warn\n",
            "content/2014/0455.md": "---\ntitle: A\ndate: 03/04/2014\n---\nText.\n",
            "content/2014/0456.md": "---\ntitle: B\ndate: 2014-04-05\nsource: C\nagancy: D\n---\nText.\n",
        },
    )
    out = site.run("check").out
    assert len(lines) == 2
    assert all(line.strip() in out for line in lines), out


def test_the_example_of_a_story_is_one(tmp_path: Path) -> None:
    """The front matter of the first hour, with the lines for what happens later."""
    text = Path(ROOT / "README.md").read_text(encoding="utf-8")
    [first] = re.findall(r"^    ---\n    title: Summit.*?^    ---\n.*?\n", text, re.MULTILINE | re.DOTALL)
    later = re.findall(r"^    (?:corrections|embargo|withdrawn): .*\n", text, re.MULTILINE)
    head, _, body = first.rpartition("    ---\n")
    article = "".join(line[4:] for line in [*head.splitlines(True), *later, "    ---\n", *body.splitlines(True)])
    site = archive(tmp_path, {"content/palace.md": article})
    run = site.build()
    assert (run.code, len(later)) == (0, 3)
    assert {line.partition("palace.md:")[2].partition(": ")[0] for line in run.err.splitlines()} <= {"9:5", "14:1"}, run.err
    assert "It named the wrong person." in site.page("2025/02/10/palace.html")
