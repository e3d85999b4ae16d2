"""What other generators left in an article's text, where nothing reads it: template tags, shortcodes, block marks."""

from __future__ import annotations

import re

from builder.articles.code_spans import CodeSpanProcessor
from builder.articles.parse_context import ParseContext
from builder.base.problems import Severity

_BLOCKS = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^(?P=fence)[`~]*[ \t]*$|\Z)|(?:(?<=\n\n)|\A)(?:(?: {4}|\t)[^\n]*\n?)+",
    re.DOTALL | re.MULTILINE,
)
_TICKS = re.compile("`+")
_SHORTCODES = (
    "caption|wp_caption|gallery|audio|video|playlist|embed|youtube|vimeo|googlemaps|gist|slideshare|soundcloud|twitter|instagram|"
    r"contact-form(?:-7)?|wpforms|gravityform|ninja_form|polldaddy|poll|vc_\w+|et_pb_\w+|fusion_\w+|su_\w+|av_\w+"
)
_KINDS = (
    ("a tag of Jekyll, Liquid or Nunjucks", r"\{%(?:(?!\n\n)[^{}]){0,2000}%\}"),
    ("a shortcode of Hugo", r"\{\{[<%](?:(?!\n\n).){0,400}?[>%]\}\}"),
    ("an expression of a template", r"\{\{(?![<%])[^{}\n]{0,200}\}\}"),
    (
        "a shortcode of WordPress",
        rf"(?-i:\[(?:{_SHORTCODES})\s+[\w-]+=[^\]\n]{{0,500}}\]|\[/(?:{_SHORTCODES})\]|\[(?:gallery|embed|playlist|caption)\](?![(\[:]))",
    ),
    ("a block mark of WordPress", r"<!--\s*/?wp:[^>]{0,2000}-->"),
    ("a page mark of WordPress", r"<!--\s*(?:more|nextpage|noteaser)\b[^>]{0,200}-->"),
    ("a card mark of Ghost", r"<!--\s*kg-card-(?:begin|end)[^>]{0,200}-->"),
    ("a tag of Joomla", r"\{(?:loadposition|loadmodule|mos\w+|youtube|gallery)\b[^{}\n]{0,300}\}"),
    ("a medium of Drupal", r"\[\[\{\"[^\n]{0,2000}?\}\]\]|\[\[nid:\d{1,9}[^\]\n]{0,200}\]\]"),
    ("a file of MediaWiki", r"\[\[(?:File|Image|Category):[^\]\n]{0,500}\]\]"),
    ("BBCode", r"\[/?(?:url|img|quote|b|i|u|size|color)(?:=[^\]\n]{0,500})?\](?![(\[:])"),
)
_ANY = re.compile("|".join(f"(?P<kind{number}>{pattern})" for number, (_, pattern) in enumerate(_KINDS)), re.IGNORECASE)


def report_leftovers(context: ParseContext) -> None:
    """Report each kind of leftover in the body once, at its first place and with their number; code has none."""
    body = context.source.body
    if "{" not in body and "[" not in body and "<!--" not in body:
        return
    first: dict[str, re.Match[str]] = {}
    counts: dict[str, int] = {}
    for match in _ANY.finditer(_without_code(body)):
        kind = str(match.lastgroup)
        first.setdefault(kind, match)
        counts[kind] = counts.get(kind, 0) + 1
    for kind, match in first.items():
        name = _KINDS[int(kind.removeprefix("kind"))][0]
        text = " ".join(match[0].split())
        sample = f"{text[:40].rstrip()}…" if len(text) > 41 else text
        places = f" ({counts[kind]} of them here)" if counts[kind] > 1 else ""
        message = f"{sample} is {name}{places}, which nothing reads here: write what it stood for, or take it out"
        context.report_at(Severity.WARNING, match.start(), message)


def _without_code(body: str) -> str:
    """Return `body` with blanks for its code, every other letter at its place."""
    body = _BLOCKS.sub(lambda block: re.sub(r"[^\n]", " ", block[0]), body)
    spans, parts, at = CodeSpanProcessor(), [], 0
    for run in _TICKS.finditer(body):
        if run.start() < at:
            continue
        _, end = spans.find_code_spans(run.start(), body)
        if end is not None:
            closing = _TICKS.match(body, end)
            end = closing.end() if closing else end
            parts += [body[at : run.start()], " " * (end - run.start())]
            at = end
    return "".join((*parts, body[at:]))
