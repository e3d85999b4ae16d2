// The list of hits to take away: CSV (RFC 4180), JSON, BibTeX, RIS, or titles and addresses.
"use strict";

(() => {
  const { search } = window.morgue;
  const MOST = 10_000;
  const AT_ONCE = 200;
  const COLUMNS = [
    "title",
    "url",
    "date",
    "updated",
    "source",
    "agency",
    "byline",
    "dateline",
    "section",
    "type",
    "tags",
    "slugline",
    "language",
    "summary",
    "original_url",
    "archived_url",
    "captured_at",
    "rights",
    "id",
  ];
  const joined = (value) => (Array.isArray(value) ? value.join("; ") : value);

  function csv(stories) {
    // A cell that a spreadsheet would take for a formula begins with an apostrophe.
    const cell = (value) =>
      `"${String(joined(value))
        .replace(/^(?=[=+\-@\t\r])/, "'")
        .replaceAll('"', '""')}"`;
    return `\ufeff${[COLUMNS, ...stories.map((story) => COLUMNS.map((name) => story[name]))].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  const json = (stories) =>
    `${JSON.stringify(
      stories.map((story) => Object.fromEntries(COLUMNS.map((name) => [name, story[name]]))),
      null,
      1,
    )}\n`;

  // Citations say what the story's own page says: builder/citations.py.
  const archive = () => document.querySelector('meta[property="og:site_name"]').content;
  const authors = ({ byline, agency }) => (byline.length ? byline : agency);
  const day = ({ date }) => date.slice(0, 10);
  const ESCAPED = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const escaped = (text) => text.replace(/[\\~^{}%&$#_]/g, (letter) => ESCAPED[letter] ?? `\\${letter}`);

  function bib(stories) {
    return stories
      .map((story, at) => {
        const notes = [story.agency.join(", "), `archived at ${archive()}`, story.original_url, story.archived_url];
        const fields = {
          author: authors(story)
            .map((name) => `{${escaped(name)}}`)
            .join(" and "),
          title: `{${escaped(story.title)}}`,
          journal: escaped(story.source || archive()),
          date: day(story),
          year: story.date.slice(0, 4),
          url: story.url,
          note: escaped(notes.filter(Boolean).join("; ")),
          langid: story.language,
        };
        const lines = Object.entries(fields)
          .filter(([, value]) => value)
          .map(([name, value]) => `  ${name} = {${value}},\n`);
        return `@article{${["story", day(story), at + 1].filter(Boolean).join("-")},\n${lines.join("")}}\n`;
      })
      .join("\n");
  }

  function ris(stories) {
    return stories
      .map((story) =>
        [
          ["TY", "NEWS"],
          ...authors(story).map((name) => ["AU", name]),
          ["TI", story.title],
          ["T2", story.source || archive()],
          ["DA", story.date && `${day(story).replaceAll("-", "/")}/`],
          ["PY", story.date.slice(0, 4)],
          ["CY", story.dateline],
          ["DP", archive()],
          ["AB", story.summary],
          ...story.tags.map((name) => ["KW", name]),
          ["LA", story.language],
          ["UR", story.url],
          ["L2", story.original_url],
          ["L2", story.archived_url],
          ["ER", ""],
        ]
          .filter(([tag, value]) => value || tag === "ER")
          .map(([tag, value]) => `${tag}  - ${value}\r\n`)
          .join(""),
      )
      .join("\r\n");
  }

  const lines = (stories) =>
    stories.map((story) => [story.title, story.source, day(story), story.url].filter(Boolean).join(", ")).join("\n");

  const FORMS = {
    csv: [csv, "text/csv"],
    json: [json, "application/json"],
    bib: [bib, "application/x-bibtex"],
    ris: [ris, "application/x-research-info-systems"],
    txt: [lines, "text/plain"],
  };

  // Gather the stories of `found` and hand them over as `kind`, as a file or to the clipboard; `tell(n, all)` hears how many
  // are there. Where the clipboard is closed they come as a file. Tells whether they were copied.
  search.take = async (kind, isCopied, found, tell) => {
    const all = Math.min(found.total, MOST);
    const canonical = document.querySelector('link[rel="canonical"]').href;
    const stories = [];
    while (stories.length < all) {
      tell(stories.length, all);
      for (const story of await found.stories(stories.length, Math.min(all, stories.length + AT_ONCE))) {
        stories.push({ ...story, url: new URL(story.url, canonical).href });
      }
    }
    const [form, mime] = FORMS[kind];
    const text = form(stories);
    if (isCopied && (await copy(text))) return true;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${mime};charset=utf-8` }));
    link.download = `stories.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    return false;
  };

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea"); // pages from a file may not write to the clipboard otherwise
      area.value = text;
      document.body.append(area);
      area.select();
      const isDone = document.execCommand("copy");
      area.remove();
      return isDone;
    }
  }
})();
