"""Folders of other generators come in: every form of front matter, drafts by choice, shortcodes, bundles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.importers.imports import Imported, bring_in

TEXT = "The ferry sailed at noon, with nobody aboard but its crew."


def bring_in_folder(folder: Path, files: Mapping[str, str | bytes], *arguments: str, site: str = "") -> Imported:
    source = folder / "old-site"
    for path, text in files.items():
        file = source / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
    return bring_in(folder, str(source), *arguments, site=site)


FORMS = {
    "yaml": "---\ntitle: Noon ferry\ndate: 2019-05-04\nauthor: Ada Lam\ncategories: [City]\ntags: [ferries, harbour]\n---\n",
    "toml": '+++\ntitle = "Noon ferry"\ndate = 2019-05-04\nauthors = ["Ada Lam"]\n[taxonomies]\ncategories = ["City"]\ntags = ["ferries", "harbour"]\n+++\n',
    "json": '{\n "title": "Noon ferry", "date": "2019-05-04", "author": {"name": "Ada Lam"},\n "categories": ["City"], "tags": ["ferries", "harbour"]\n}\n',
    "headers": "Title: Noon ferry\nDate: 2019-05-04\nAuthor: Ada Lam\nCategory: City\nTags: ferries, harbour\n\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_front_matter_gives_the_same_article(tmp_path: Path, form: str) -> None:
    done = bring_in_folder(tmp_path, {"posts/noon-ferry.md": FORMS[form] + TEXT + "\n"})
    words, body = done.only
    assert done.run.code == 0
    assert list(done.articles) == ["2019/05/2019-05-04-noon-ferry.md"]
    assert (words["title"], words["date"], words["byline"]) == ("Noon ferry", "2019-05-04", ["Ada Lam"])
    assert (words["section"], words["tags"]) == ("City", ["ferries", "harbour"])
    assert body == TEXT


def test_the_name_of_a_file_gives_date_slug_and_headline(tmp_path: Path) -> None:
    done = bring_in_folder(tmp_path, {"_posts/2019-5-4-noon-ferry.md": f"---\nlayout: post\n---\n{TEXT}"})
    words, _ = done.only
    assert list(done.articles) == ["2019/05/2019-05-04-noon-ferry.md"]
    assert words["title"] == "Noon ferry"
    assert words["inferred"] == ["title"]
    assert done.report["fields"]["layout"]["dropped"] == 1


DRAFTS = {
    "a.md": f"---\ntitle: A\ndate: 2019-01-01\npublished: false\n---\n{TEXT} a",
    "b.md": f"+++\ntitle = 'B'\ndate = 2019-01-01\ndraft = true\n+++\n{TEXT} b",
    "c.md": f"Title: C\nDate: 2019-01-01\nStatus: draft\n\n{TEXT} c",
    "_drafts/d.md": f"---\ntitle: D\ndate: 2019-01-01\n---\n{TEXT} d",
    "e.md": f"---\ntitle: E\ndate: 2019-01-01\npublished: true\n---\n{TEXT} e\n\ndraft: true\n",
}


def test_drafts_stay_outside_and_are_counted(tmp_path: Path) -> None:
    done = bring_in_folder(tmp_path, DRAFTS)
    assert [words["title"] for words, _ in done.articles.values()] == ["E"]
    assert done.report["sources"][0]["left_out"] == {"drafts": 4}


def test_drafts_come_in_as_drafts_where_they_are_asked_for(tmp_path: Path) -> None:
    done = bring_in_folder(tmp_path, DRAFTS, "--drafts")
    assert {words["title"]: words.get("draft") for words, _ in done.articles.values()} == {
        "A": "true", "B": "true", "C": "true", "D": "true", "E": None,
    }  # fmt: skip


def test_old_addresses_become_aliases_and_patterns_do_not(tmp_path: Path) -> None:
    front = "permalink: /news/ferry/\nredirect_from:\n  - /old/ferry.html\n  - 2011/ferry\naliases: [/f]\nurl: /:year/:title/\n"
    done = bring_in_folder(tmp_path, {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\n{front}---\n{TEXT}"})
    assert done.only[0]["aliases"] == ["/news/ferry/", "/f", "/old/ferry.html", "/2011/ferry"]
    assert done.report["fields"]["url"]["dropped"] == 1


@pytest.mark.parametrize("pattern", ["/posts/{{ title | slug }}/", "/:categories/:title/", "pretty"])
def test_a_pattern_for_addresses_is_counted(tmp_path: Path, pattern: str) -> None:
    done = bring_in_folder(tmp_path, {"a.md": f'---\ntitle: Ferry\ndate: 2019-01-01\npermalink: "{pattern}"\n---\n{TEXT}'})
    assert "aliases" not in done.only[0]
    assert done.report["fields"]["permalink"]["dropped"] == 1


@pytest.mark.parametrize("value", ["{{ site.url }}", "{{site.baseurl}}", "{{ site.github.url | escape }}"])
def test_a_sites_address_in_a_text_is_cut_by_name(tmp_path: Path, value: str) -> None:
    done = bring_in_folder(tmp_path, {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\n---\n[Tides]({value}/tides/) today."})
    assert done.only[1] == "[Tides](/tides/) today."
    assert done.report["stories"][0]["cut"] == [{"rule": "template-address", "text": value}]


def test_pictures_of_the_front_matter_keep_their_words(tmp_path: Path) -> None:
    front = "image:\n  path: https://pictures.example/a.jpg\n  alt: A pier\n  caption: The pier at noon\ncover: https://pictures.example/b.jpg\ncover_alt: A gull\n"
    words, _ = bring_in_folder(tmp_path, {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\n{front}---\n{TEXT}"}).only
    assert words["images"] == [
        {"src": "https://pictures.example/a.jpg", "alt": "A pier", "caption": "The pier at noon"},
        {"src": "https://pictures.example/b.jpg", "alt": "A gull"},
    ]


SHORTCODES = {
    "{% youtube a1b2c3 %}": "<https://www.youtube.com/watch?v=a1b2c3>",
    "{{< youtube a1b2c3 >}}": "<https://www.youtube.com/watch?v=a1b2c3>",
    '{{ youtube(id="a1b2c3") }}': "<https://www.youtube.com/watch?v=a1b2c3>",
    '{% include youtubePlayer.html id="a1b2c3" %}': "<https://www.youtube.com/watch?v=a1b2c3>",
    "{{< gist lam 99 >}}": "<https://gist.github.com/lam/99>",
    '{{ youtube(id="a1b2c3", title="Ferry [at sea]") }}': "[Ferry [at sea]](https://www.youtube.com/watch?v=a1b2c3)",
    '{{< vimeo id="7" title="Noon" caption="From the pier" >}}': "[Noon – From the pier](https://vimeo.com/7)",
    '{% video url="https://video.example/7", title="Gulls" %}': "[Gulls](https://video.example/7)",
    '{{< tweet user="lam" id="7" >}}': "<https://twitter.com/lam/status/7>",
    '{% embed "https://video.example/7" %}': "<https://video.example/7>",
    '{{< figure src="https://p.example/a.jpg" alt="A pier" >}}': "![A pier](https://p.example/a.jpg)",
    '{{< figure src="https://p.example/a.jpg" alt="A pier" caption="Noon & after" attr="Bo Lindh" >}}': '<figure><img src="https://p.example/a.jpg" alt="A pier"><figcaption>Noon &amp; after (Bo Lindh)</figcaption></figure>',
    '{% include figure image_path="https://p.example/a.jpg" alt="A pier" %}': "![A pier](https://p.example/a.jpg)",
    "{% highlight ruby %}\nputs 1\n{% endhighlight %}": "```ruby\nputs 1\n```",
    "{{< highlight go >}}\nfmt.Println()\n{{< /highlight >}}": "```go\nfmt.Println()\n```",
    "[rules]({{ site.baseurl }}/rules/)": "[rules](/rules/)",
    "[rules]({{ '/rules/' | relative_url }})": "[rules](/rules/)",
    "{% raw %}{{ this stays }}{% endraw %}": "{{ this stays }}",
    "{{</* figure src=x */>}}": "{{< figure src=x >}}",
    "{{ page.title }} again": "Ferry again",
    "before\n<!--more-->\nafter": "before\nafter",
    '<iframe src="https://www.youtube.com/embed/a1b2c3d"></iframe>': "<https://www.youtube.com/watch?v=a1b2c3d>",
    "`<iframe src='x'></iframe>` in code": "`<iframe src='x'></iframe>` in code",
}


@pytest.mark.parametrize("shortcode", SHORTCODES)
def test_known_shortcodes_are_turned(tmp_path: Path, shortcode: str) -> None:
    done = bring_in_folder(tmp_path, {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\n---\n{TEXT}\n\n{shortcode}\n\nLast."})
    assert done.only[1] == f"{TEXT}\n\n{SHORTCODES[shortcode]}\n\nLast."
    assert done.run.err == ""


def test_unknown_shortcodes_stand_as_text_and_are_counted(tmp_path: Path) -> None:
    body = '{{< tides port="Merrow" >}}\n\n{% poll 7 %}\n\n{{< box >}}Inside{{< /box >}}'
    done = bring_in_folder(tmp_path, {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\n---\n{body}"})
    assert done.only[1] == body
    assert "3 shortcodes stand in the text as written, for want of a rule: box, poll, tides" in done.run.err
    assert done.report["fields"]["shortcode tides"] == {"kept": 1, "inferred": 0, "dropped": 0}


def test_links_between_pages_lead_to_their_new_addresses(tmp_path: Path) -> None:
    done = bring_in_folder(
        tmp_path,
        {
            "_posts/2019-01-01-first.md": f"---\ntitle: First\n---\n{TEXT}",
            "_posts/2019-01-02-second.md": "---\ntitle: Second\n---\n[one]({% post_url 2019-01-01-first %}) and [two]({% link _posts/2019-01-01-first.md %}).",
            "content/posts/third.md": '---\ntitle: Third\ndate: 2019-01-03\n---\n[one]({{< ref "fourth.md#end" >}}) and [two](@/posts/fourth.md).',
            "content/posts/fourth.md": f"---\ntitle: Fourth\ndate: 2019-01-04\n---\n{TEXT} Again.",
        },
    )
    bodies = {words["title"]: body for words, body in done.articles.values()}
    assert bodies["Second"] == "[one](/2019/01/01/first.html) and [two](/2019/01/01/first.html)."
    assert bodies["Third"] == "[one](/2019/01/04/fourth.html#end) and [two](/2019/01/04/fourth.html)."
    assert done.archive.build().code == 0
    assert 'href="../../../2019/01/01/first.html"' in done.archive.page("2019/01/02/second.html")


def test_what_is_left_out_of_a_text_is_named(tmp_path: Path) -> None:
    body = "# Ferry\n\nWords.\n{: .lead}\n\n{% comment %}not this{% endcomment %}\n\n<!-- nor that -->\n\n{:toc}\n\nMore."
    done = bring_in_folder(tmp_path, {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\n---\n{body}"})
    assert done.only[1] == "Words.\n\nMore."
    cuts = {(cut["rule"], cut["text"]) for cut in done.report["stories"][0]["cut"]}
    assert cuts == {
        ("attribute-list", "{: .lead}"), ("attribute-list", "{:toc}"),
        ("template-comment", "{% comment %}not this{% endcomment %}"), ("html-comment", "<!-- nor that -->"),
    }  # fmt: skip


def test_a_page_bundle_takes_its_folders_name_and_a_translation_its_language(tmp_path: Path) -> None:
    done = bring_in_folder(
        tmp_path,
        {
            "content/posts/2019-01-02-noon-ferry/index.md": f"---\ntitle: Noon ferry\n---\n{TEXT}",
            "content/posts/2019-01-02-noon-ferry/index.fr.md": "---\ntitle: Le bac de midi\nslug: bac\n---\nLe bac est parti.",
            "content/posts/_index.md": "---\ntitle: All posts\n---\n",
            "layouts/a.html": "---\n---\n{{ .Content }}",
            "README.md": "# About this folder",
        },
    )
    assert list(done.articles) == ["2019/01/2019-01-02-bac.md", "2019/01/2019-01-02-noon-ferry.md"]
    assert done.articles["2019/01/2019-01-02-bac.md"][0]["language"] == "fr"
    assert done.report["sources"][0]["left_out"] == {"section pages": 1, "templates": 1, "pages about the folder": 1}


def test_bodies_in_html_become_markdown(tmp_path: Path) -> None:
    done = bring_in_folder(
        tmp_path, {"a.html": "---\ntitle: Ferry\ndate: 2019-01-01\n---\n<p>One <b>bold</b> word.</p><ul><li>a</li></ul>"}
    )
    assert done.only[1] == "One **bold** word.\n\n- a"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("---\ntitle: Ferry\n", "a.md:1:1: error: the front matter that begins here never ends; close it with a line ---"),
        ("---\ntitle: [Ferry\n---\nWords", "a.md:2:"),
        ('+++\ntitle = "A"\ntitle = "B"\n+++\nWords', "a.md:3:"),
        ('{"title": "A",,}\nWords', "a.md:1:15: error: the front matter is no JSON"),
    ],
)
def test_front_matter_that_cannot_be_read_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    done = bring_in_folder(tmp_path, {"a.md": text, "b.md": FORMS["yaml"] + TEXT})
    assert done.run.code == 1
    assert message in done.run.err
    assert len(done.articles) == 1
    assert done.report["sources"][0]["refused"] == 1


def test_odd_dates_and_encodings_are_told_and_the_text_is_in(tmp_path: Path) -> None:
    done = bring_in_folder(
        tmp_path, {"a.md": "---\ntitle: Café\ndate: 0000-00-00\n---\nUn café noir, s'il vous plaît.".encode("cp1252")}
    )
    words, body = done.only
    assert (words["title"], body) == ("Café", "Un café noir, s'il vous plaît.")
    assert "date" not in words
    assert "0000-00-00" in done.run.err


def test_unknown_keys_are_counted_and_stay_where_the_site_says_so(tmp_path: Path) -> None:
    files = {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\nmood: calm\n---\n{TEXT}"}
    done = bring_in_folder(tmp_path / "one", files)
    assert "mood" not in done.only[0]
    assert done.report["fields"]["mood"]["dropped"] == 1
    assert bring_in_folder(tmp_path / "two", files, site="unknown_fields: keep\n").only[0]["mood"] == "calm"


def test_a_second_summary_is_named_or_stays_under_its_key(tmp_path: Path) -> None:
    front = (
        "title: Ferry\ndate: 2019-01-01\nexcerpt: In short\ndescription: In short.\nsubtitle: Late and wet\nheadline: The ferry\n"
    )
    done = bring_in_folder(tmp_path / "one", {"a.md": f"---\n{front}---\n{TEXT}"})
    assert done.only[0]["summary"] == "In short"
    cuts = [(cut["rule"], cut["text"]) for cut in done.report["stories"][0]["cut"]]
    assert cuts == [("second-title", "The ferry"), ("second-summary", "Late and wet")]
    assert done.report["fields"]["subtitle"]["dropped"] == 1
    done = bring_in_folder(tmp_path / "two", {"a.md": f"---\n{front}---\n{TEXT}"}, site="unknown_fields: keep\n")
    assert (done.only[0]["subtitle"], done.only[0]["headline"]) == ("Late and wet", "The ferry")
    assert done.report["stories"][0]["cut"] == []


def test_coming_again_changes_nothing(tmp_path: Path) -> None:
    files = {"a.md": FORMS["yaml"] + TEXT, "b.md": FORMS["toml"].replace("Noon", "Late") + TEXT}
    first = bring_in_folder(tmp_path, files)
    again = bring_in(tmp_path, str(tmp_path / "old-site"), into=first.archive)
    assert again.report["sources"][0]["same"] == 2


def warnings_of(done: Imported) -> str:
    return "\n".join(problem["message"] for problem in done.report["problems"])


def test_links_to_pages_and_files_of_the_folder(tmp_path: Path) -> None:
    done = bring_in_folder(
        tmp_path,
        {
            "content/one.md": "Title: One\nDate: 2019-01-01\n\n[a]({filename}two.md) [b]({filename}/sea/three.md#x) [c](sea/three.md) "
            "[d](gone.md) [e]({static}/files/a.txt) [f](about.md) `[g](two.md)` [h](https://h.example/two.md).\n",
            "content/two.md": "Title: Two\nDate: 2019-01-02\nStatus: draft\n\nTwo.\n",
            "content/sea/three.md": "Title: Three\nDate: 2019-01-03\n\nBack to [one](../one.md).\n",
            "content/about.md": "Title: About\n\nWe write.\n",
            "content/files/a.txt": "Tide table",
        },
        "--kind", "markdown",
    )  # fmt: skip
    bodies = {words["title"]: body for words, body in done.articles.values()}
    assert bodies["One"] == (
        "a [b](/2019/01/03/three.html#x) [c](/2019/01/03/three.html) d [e](/files/a.txt) [f](about.md) `[g](two.md)` [h](https://h.example/two.md)."
    )
    assert bodies["Three"] == "Back to [one](/2019/01/01/one.html)."
    said = warnings_of(done)
    assert "refers to pages that are left out, or not in the source: two.md, gone.md; the words stay without a link" in said
    assert "links to documents that are not brought in: /files/a.txt; --media DIR copies them" in said


def test_a_bundle_names_drawings_and_gives_the_words_of_its_resources(tmp_path: Path) -> None:
    resources = "resources:\n- src: pier.jpg\n  title: The pier\n  params: {credit: Ada Lam}\n- src: gull.jpg\n  title: A gull\n"
    done = bring_in_folder(
        tmp_path,
        {
            "content/noon/index.md": f"---\ntitle: Noon\ndate: 2019-01-01\n{resources}---\n{TEXT}\n\n![](gull.jpg)\n",
            "content/noon/pier.jpg": b"\xff\xd8\xff1", "content/noon/gull.jpg": b"\xff\xd8\xff2",
            "content/noon/map.svg": "<svg/>",
        },
    )  # fmt: skip
    words, body = done.only
    assert [(image["caption"], image["credit"]) for image in words["images"]] == [("The pier", "Ada Lam")]
    assert words["images"][0]["src"].endswith("-pier.jpg")
    assert "-gull.jpg)" in body
    assert {"rule": "resource-of-a-picture-in-the-text", "text": "A gull"} in done.report["stories"][0]["cut"]
    assert "map.svg" in warnings_of(done)
    assert "resources" not in done.report["fields"]


@pytest.mark.parametrize(
    ("shortcode", "body", "is_unknown"),
    [
        ('{{< gallery "https://i.example/a.jpg" "https://i.example/b.png" >}}', "![](https://i.example/a.jpg)\n\n![](https://i.example/b.png)", False),
        ("{{< gallery >}}\n{{< figure src=\"https://i.example/a.jpg\" >}}\n{{< /gallery >}}", "![](https://i.example/a.jpg)", False),
        ('{{< gallery match="images/*" >}}', '{{< gallery match="images/*" >}}', True),
    ],
)  # fmt: skip
def test_galleries(tmp_path: Path, shortcode: str, body: str, *, is_unknown: bool) -> None:
    done = bring_in_folder(tmp_path, {"a.md": f"---\ntitle: Ferry\ndate: 2019-01-01\n---\nWords.\n\n{shortcode}\n"})
    assert done.only[1] == f"Words.\n\n{body}"
    assert ("shortcode gallery" in done.report["fields"]) is is_unknown


@pytest.mark.parametrize(
    "front",
    [
        '---json\n{"title": "Noon", "date": "2020-01-02", "tags": ["quay"]}\n---',
        '---toml\ntitle = "Noon"\ndate = 2020-01-02\ntags = ["quay"]\n---',
    ],
)
def test_front_matter_that_names_its_language(tmp_path: Path, front: str) -> None:
    file = tmp_path / "noon.md"
    file.write_text(f'{front}\nThe ferry came. {{% image "a.jpg", "A ferry" %}}\n', encoding="utf-8")
    values, text = bring_in(tmp_path, str(file)).only
    assert (values["title"], str(values["date"]), values["tags"]) == ("Noon", "2020-01-02", ["quay"])
    assert "![A ferry](a.jpg)" in text
    file.write_text("---json\n{title}\n---\nText.\n", encoding="utf-8")
    assert "noon.md:2:2: error: the front matter is no JSON" in bring_in(tmp_path, str(file)).run.err
