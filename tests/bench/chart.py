"""The figures of one archive as a picture: bars in an SVG that follows the reader's light or dark colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median
from xml.sax.saxutils import escape

from tests.bench.cost import Work
from tests.bench.results import EDITED_PEERS, PEERS, RELATED_PEERS, Result, short

WIDTH = 760
MARGIN = 32
OURS = "Morgue"
BARS = 216
"""Where bars begin."""
LONGEST = 330
ROW = 26
BAR = 14
LEVEL = 1.1
"""Up to this factor two figures are called level."""
STYLE = """
  text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif; fill: #1a1917; }
  .paper { fill: #fffdf9; stroke: #ddd5c7; }
  .title { font-size: 19px; font-weight: 650; letter-spacing: -0.01em; }
  .head { font-weight: 650; }
  .soft { fill: #5c554b; }
  .small { font-size: 12px; }
  .figure { font-variant-numeric: tabular-nums; }
  .own, .won { font-weight: 650; }
  .won { fill: #8a1c1c; }
  .line { stroke: #ddd5c7; }
  .ours { fill: #a32a24; }
  .theirs { fill: #a2978a; }
  .theirs.second { fill: #c9c0b3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ebe6dc; }
    .paper { fill: #161513; stroke: #38342e; }
    .soft { fill: #b0a799; }
    .won { fill: #f2a08f; }
    .line { stroke: #38342e; }
    .ours { fill: #ec8573; }
    .theirs { fill: #8b8175; }
    .theirs.second { fill: #625a50; }
  }
"""


@dataclass(frozen=True)
class Bar:
    """One bar: its `parts` stand one after the other."""

    label: str
    parts: tuple[float, ...]
    is_ours: bool = False

    @property
    def figure(self) -> float:
        """What its length says."""
        return sum(self.parts)


@dataclass(frozen=True)
class Panel:
    """Bars that share a scale. The first is ours, the second what it is compared with; `less` and `more` name the factors."""

    head: str
    unit: str
    bars: list[Bar]
    less: str
    more: str

    @property
    def factor(self) -> float:
        """How many times the first bar goes into the second; 0 where there is nothing to compare."""
        return self.bars[1].figure / self.bars[0].figure if len(self.bars) > 1 and self.bars[0].figure else 0

    @property
    def verdict(self) -> str:
        """How the first bar compares with the second, in words."""
        if not self.factor:
            return ""
        if 1 / LEVEL < self.factor < LEVEL:
            return "level"
        return f"{_factor(self.factor)}× {self.less}" if self.factor > 1 else f"{_factor(1 / self.factor)}× {self.more}"


def draw(result: Result, machine: str) -> str:
    """Return the SVG of `result`; `machine` is a line on what it was measured with."""
    shown = [panel for panel in panels(result) if len(panel.bars) > 1] or list(panels(result))
    parts: list[str] = []
    y = MARGIN + 16
    parts += [_text(MARGIN, y, _title(result), "title")]
    y += 22
    parts += [_text(MARGIN, y, f"Shorter is better. {_subject(result)}", "soft")]
    y += 14
    for panel in shown:
        parts.append(f'<line class="line" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y + 0.5}" y2="{y + 0.5}"/>')
        y += 25
        parts.append(_text(MARGIN, y, panel.head, "head"))
        y += 10
        longest = max(bar.figure for bar in panel.bars)
        for bar in panel.bars:
            parts += _bar(bar, y, longest, panel.unit, _beside(bar, panel))
            y += ROW
        y += 12
    parts.append(f'<line class="line" x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y + 0.5}" y2="{y + 0.5}"/>')
    y += 24
    parts.append(_text(MARGIN, y, machine, "soft small"))
    height = y + 20
    body = "\n".join(parts)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" aria-labelledby="title description">
<title id="title">{escape(f"{_title(result)}. {_subject(result)}")}</title>
<desc id="description">{escape(" ".join(_told(panel) for panel in shown))}</desc>
<style>{STYLE}</style>
<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="10"/>
{body}
</svg>
"""


def panels(result: Result) -> Iterator[Panel]:
    """Give what `result` has figures for."""
    yield Panel("Building everything", "s", list(_builds(result)), "faster", "as long")
    yield Panel("One article edited: site and search up to date again", "s", list(_edits(result)), "faster", "as long")
    yield Panel("Memory while building everything, at most", "MB", list(_peaks(result)), "less", "as much")
    if result.searches:
        kilobytes, milliseconds = (
            [Bar(search.name, (median(figures(search)),), search.name == OURS) for search in result.searches]
            for figures in (attrgetter("kilobytes"), attrgetter("cold"))
        )
        yield Panel("A reader’s first ten results: what is loaded", "KB", kilobytes, "less", "as much")
        yield Panel("A reader’s first ten results: how long they take", "ms", milliseconds, "faster", "as long")


def _builds(result: Result) -> Iterator[Bar]:
    yield from _bars(result, OURS, (Work.COLD,))
    yield from _bars(result, "Hugo + Pagefind", PEERS)
    yield from _bars(result, "… with related stories too", RELATED_PEERS)
    yield from _bars(result, "Pelican, without search", (Work.PELICAN,))


def _edits(result: Result) -> Iterator[Bar]:
    yield from _bars(result, OURS, (Work.EDITED,))
    yield from _bars(result, "Hugo + Pagefind", EDITED_PEERS)
    yield from _bars(result, "Pelican, without search", (Work.PELICAN_EDITED,))


def _peaks(result: Result) -> Iterator[Bar]:
    for label, works in ((OURS, (Work.COLD,)), ("Hugo + Pagefind", PEERS), ("Pelican, without search", (Work.PELICAN,))):
        if (peak := result.peak(works)) is not None:
            yield Bar(label, (peak,), label == OURS)


def _bars(result: Result, label: str, works: Sequence[Work]) -> Iterator[Bar]:
    if found := result.all_of(works):
        yield Bar(label, tuple(cost.wall for cost in found), label == OURS)


def _bar(bar: Bar, y: float, longest: float, unit: str, beside: str) -> Iterator[str]:
    """Give a row of the chart whose top is `y`; `longest` fills it, `beside` follows the figure."""
    middle = y + ROW / 2
    base = middle + 4.5
    yield _text(MARGIN, base, bar.label, "own" if bar.is_ours else "")
    x: float = BARS
    for number, part in enumerate(bar.parts):
        width = max(2.0, part / longest * LONGEST)
        kind = "ours" if bar.is_ours else "theirs second" if number else "theirs"
        seam = 1 if number + 1 < len(bar.parts) else 0
        yield f'<rect class="{kind}" x="{x:.1f}" y="{middle - BAR / 2}" width="{width - seam:.1f}" height="{BAR}" rx="2"/>'
        x += width
    figure = f'<tspan class="{"own" if bar.is_ours else ""}">{short(bar.figure)} {unit}</tspan>'
    yield f'<text x="{x + 9:.1f}" y="{base}" class="figure">{figure}{beside}</text>'


def _beside(bar: Bar, panel: Panel) -> str:
    """Return what stands beside the figure of `bar`: what it comes to if it is ours, of what it is the sum otherwise."""
    if bar is panel.bars[0]:
        return (
            f'<tspan class="{"won" if panel.factor > 1 / LEVEL else "soft"}" dx="10">{panel.verdict}</tspan>'
            if panel.verdict
            else ""
        )
    return f'<tspan class="soft small" dx="10">{" + ".join(map(short, bar.parts))}</tspan>' if len(bar.parts) > 1 else ""


def _text(x: float, y: float, text: str, kind: str = "", more: str = "") -> str:
    return f'<text x="{x}" y="{y}" class="{kind}" {more}>{escape(text)}</text>'


def _title(result: Result) -> str:
    return f"{result.articles:,} articles: built, edited{', searched' if result.searches else ''}"


def _subject(result: Result) -> str:
    names = ["Morgue"]
    names += ["Hugo + Pagefind"] if result.all_of(PEERS) else ["Hugo"] if result.of(Work.HUGO) else []
    names += ["Pelican"] if result.of(Work.PELICAN) else []
    return f"{' beside '.join(filter(None, (names[0], ' and '.join(names[1:]))))}, the same articles in one run."


def _told(panel: Panel) -> str:
    figures = ", ".join(f"{bar.label} {short(bar.figure)} {panel.unit}" for bar in panel.bars)
    return f"{panel.head}: {figures}."


def _factor(factor: float) -> str:
    return f"{factor:.1f}" if factor < 9.95 else f"{factor:,.0f}"
