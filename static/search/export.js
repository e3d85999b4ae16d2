// The list of hits to take away: CSV (RFC 4180), JSON, BibTeX, RIS, or titles and addresses to paste.
"use strict";

(() => {
  const { search } = window.morgue;
  const MOST = 1000;
  const AT_ONCE = 50;
  const COLUMNS = [
    "title", "url", "date", "updated", "source", "agency", "byline", "section", "type", "tags", "language", "summary", "original_url", "id",
  ];
  const joined = (value) => (Array.isArray(value) ? value.join("; ") : value);

  function csv(stories) {
    // A cell that a spreadsheet would take for a formula begins with an apostrophe.
    const cell = (value) => `"${String(joined(value)).replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;
    return `\ufeff${[COLUMNS, ...stories.map((story) => COLUMNS.map((name) => story[name]))].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  const json = (stories) => `${JSON.stringify(stories.map((story) => Object.fromEntries(COLUMNS.map((name) => [name, story[name]]))), null, 1)}\n`;

  function bib(stories) {
    const plain = (text) => text.replace(/[\\{}$&#%_^~]/g, (letter) => (letter === "\\" ? "\\textbackslash{}" : letter === "~" ? "\\textasciitilde{}" : letter === "^" ? "\\textasciicircum{}" : `\\${letter}`));
    return stories
      .map((story, at) => {
        const fields = {
          author: story.byline.map((name) => `{${plain(name)}}`).join(" and ") || story.agency.map((name) => `{${plain(name)}}`).join(" and "),
          title: `{${plain(story.title)}}`,
          organization: plain(story.source),
          date: story.date.slice(0, 10),
          year: story.date.slice(0, 4),
          url: story.url,
          langid: story.language,
        };
        const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
        return `@online{story${story.date.slice(0, 10).replaceAll("-", "")}-${at + 1},\n${lines.join(",\n")}\n}\n`;
      })
      .join("\n");
  }

  function ris(stories) {
    const line = (text) => text.replace(/\s+/g, " ");
    return stories
      .map((story) =>
        [
          ["TY", "NEWS"], ...story.byline.map((name) => ["AU", name]), ["TI", story.title], ["T2", story.source], ...story.agency.map((name) => ["PB", name]),
          ["DA", story.date.slice(0, 10).replaceAll("-", "/")], ["PY", story.date.slice(0, 4)], ["SE", story.section], ...story.tags.map((name) => ["KW", name]),
          ["LA", story.language], ["AB", story.summary], ["UR", story.url], ["ER", " "],
        ]
          .filter(([, value]) => value)
          .map(([tag, value]) => `${tag}  - ${line(value)}`.trimEnd() + (tag === "ER" ? " " : ""))
          .join("\r\n"),
      )
      .join("\r\n\r\n") + "\r\n";
  }

  const copied = (stories) => stories.map(({ title, date, source, url }) => [title, source, date.slice(0, 10), url].filter(Boolean).join(", ")).join("\n");

  const FORMS = {
    csv: [csv, "text/csv"],
    json: [json, "application/json"],
    bib: [bib, "application/x-bibtex"],
    ris: [ris, "application/x-research-info-systems"],
    copy: [copied, "text/plain"],
  };

  // Gather the stories of `found` and hand them over as `kind`; `tell(n, all)` hears how many are there.
  search.take = async (kind, found, tell) => {
    const all = Math.min(found.total, MOST);
    const canonical = document.querySelector('link[rel="canonical"]').href;
    const stories = [];
    while (stories.length < all) {
      tell(stories.length, all);
      for (const { score, excerpt, ...story } of await found.hits(stories.length, Math.min(all, stories.length + AT_ONCE))) {
        stories.push({ ...story, url: new URL(story.url, canonical).href });
      }
    }
    const [form, mime] = FORMS[kind];
    const text = form(stories);
    if (kind === "copy") {
      await copy(text);
      return;
    }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${mime};charset=utf-8` }));
    link.download = `stories.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea"); // pages from a file may not write to the clipboard otherwise
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }
})();
