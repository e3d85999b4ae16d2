"""What servers read of old addresses: for sites at a root or below one, in every letter, once each."""

from __future__ import annotations

from builder.formats import server_redirects

ENTRIES = [
    ("old/a/index.html", "2025/a.html"),
    ("名.html", "2025/名.html"),
    ("OLD.html", "old.html"),
    ('s.php?a=1&b=é x"$', "2025/b.html"),
]


def test_a_site_below_the_root_of_its_host_has_that_in_every_rule() -> None:
    for form in (server_redirects.netlify, server_redirects.nginx):
        text = form(ENTRIES, "https://x.example/papers/lantern/").decode()
        for line in text.splitlines():
            assert line.count("/papers/lantern/") == 2, line


def test_netlify_gets_a_rule_that_goes_before_the_page() -> None:
    lines = server_redirects.netlify(ENTRIES, "https://x.example/").decode().splitlines()
    assert lines[:3] == [
        "/old/a/index.html /2025/a.html 301!",
        "/old/a /2025/a.html 301!",
        "/%E5%90%8D.html /2025/%E5%90%8D.html 301!",
    ]
    assert lines[-1] == "/s.php a=1 b=%C3%A9%20x%22%24 /2025/b.html 301!"


def test_nginx_gets_each_key_once_and_none_that_leads_to_itself() -> None:
    lines = server_redirects.nginx([*ENTRIES, ("Old/A/index.html", "x.html")], "https://x.example/").decode().splitlines()
    keys = [line.split('"')[1].lower() for line in lines]
    assert len(keys) == len(set(keys)), "nginx compares keys without letter case, and refuses one twice"
    assert not any(line.startswith('"/OLD.html"') for line in lines)
    assert '"/s.php?a=1&b=%C3%A9%20x%22%24" "/2025/b.html";' in lines


def test_rules_are_read_back() -> None:
    for form in (server_redirects.netlify, server_redirects.nginx):
        rules = server_redirects.read_rules(form(ENTRIES, "https://x.example/papers/").decode(), "https://copy.example/papers/")
        expected = {"old/a/index.html": "2025/a.html", "old/a": "2025/a.html", "名.html": "2025/名.html"}
        assert {address: rules.get(address) for address in expected} == expected
        assert not any("s.php" in address for address in rules)
