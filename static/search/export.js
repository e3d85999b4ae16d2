// The list of hits to take away: CSV (RFC 4180), JSON, BibTeX, RIS, or titles and addresses.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const MAX_STORIES = 10_000;
  const BATCH = 200;
  /** @type {(keyof StoryRecord)[]} */
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
  /** @param {string | string[]} value */
  const toText = (value) => (Array.isArray(value) ? value.join("; ") : value);

  /** @param {Story[]} stories */
  function csv(stories) {
    /**
     * A cell that a spreadsheet would take for a formula begins with an apostrophe.
     * @param {string | string[]} value
     */
    const cell = (value) =>
      `"${toText(value)
        .replace(/^(?=[=+\-@\t\r])/, "'")
        .replaceAll('"', '""')}"`;
    const rows = [COLUMNS, ...stories.map((story) => COLUMNS.map((name) => story[name]))];
    return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
  }

  /** @param {Story[]} stories */
  function json(stories) {
    const records = stories.map((story) => Object.fromEntries(COLUMNS.map((name) => [name, story[name]])));
    return `${JSON.stringify(records, null, 1)}\n`;
  }

  // Citations say what the story's own page says: builder/formats/citations.py.
  const archive = () => /** @type {HTMLMetaElement} */ (document.querySelector('meta[property="og:site_name"]')).content;
  /** @param {Story} story */
  const authors = ({ byline, agency }) => (byline.length ? byline : agency);
  /** @param {Story} story */
  const day = ({ date }) => date.slice(0, 10);
  /** @type {Record<string, string>} */
  const ESCAPES = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  /** @param {string} text */
  const escapeLatex = (text) => text.replace(/[\\~^{}%&$#_]/g, (letter) => ESCAPES[letter] ?? `\\${letter}`);

  /** @param {Story[]} stories */
  function bib(stories) {
    return stories
      .map((story) => {
        const notes = [story.agency.join(", "), `archived at ${archive()}`, story.original_url, story.archived_url];
        const names = authors(story).map((name) => `{${escapeLatex(name)}}`);
        const fields = {
          author: names.join(" and "),
          title: `{${escapeLatex(story.title)}}`,
          journal: escapeLatex(story.source || archive()),
          date: day(story),
          year: story.date.slice(0, 4),
          url: story.url,
          note: escapeLatex(notes.filter(Boolean).join("; ")),
          langid: story.language,
        };
        const lines = Object.entries(fields).filter(([, value]) => value);
        // From its address: the same in every list, and no two have one.
        const path = new URL(story.url).pathname.replace(/(\/index)?\.html$/, "");
        const key = ["story", ...(path.match(/[A-Za-z0-9]+/g) ?? [])].join("-");
        // No template within a template: the minifier takes the inner one's spaces for code.
        const body = lines.map(([name, value]) => `  ${name} = {${value}},\n`).join("");
        return `@article{${key},\n${body}}\n`;
      })
      .join("\n");
  }

  /** @param {Story} story */
  function risRecord(story) {
    const fields = [
      ["TY", "NEWS"],
      ...authors(story).map((name) => ["AU", name]),
      ["TI", story.title],
      ["T2", story.source || archive()],
      ["DA", story.date && `${`${day(story)}--`.split("-").slice(0, 3).join("/")}/`],
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
    ];
    const lines = fields.filter(([tag, value]) => value || tag === "ER");
    return lines.map(([tag, value]) => `${tag}  - ${value}\r\n`).join("");
  }

  /** @param {Story[]} stories */
  const ris = (stories) => stories.map(risRecord).join("\r\n");

  /** @param {Story[]} stories */
  const lines = (stories) =>
    stories.map((story) => [story.title, story.source, day(story), story.url].filter(Boolean).join(", ")).join("\n");

  /** @type {Record<string, [form: (stories: Story[]) => string, mime: string]>} */
  const FORMS = {
    csv: [csv, "text/csv"],
    json: [json, "application/json"],
    bib: [bib, "application/x-bibtex"],
    ris: [ris, "application/x-research-info-systems"],
    txt: [lines, "text/plain"],
  };

  // Gather the stories of `answer` and hand them over in a form of `FORMS`, as a file or to the clipboard; `progress` hears how
  // many are there. Where the clipboard is closed they come as a file. Tells whether they were copied.
  search.exportResults = async (kind, isCopied, answer, progress) => {
    const total = Math.min(answer.total, MAX_STORIES);
    const { href } = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel="canonical"]'));
    /** @type {Story[]} */
    const stories = [];
    while (stories.length < total) {
      progress(stories.length, total);
      for (const story of await answer.stories(stories.length, Math.min(total, stories.length + BATCH))) {
        stories.push({ ...story, url: new URL(story.url, href).href });
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

  /** @param {string} text */
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
