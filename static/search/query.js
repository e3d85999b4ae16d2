// The search language: a text to a tree that says which stories are meant. The twin of builder/search/text/query.py, which
// states every rule.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const QUOTES = /[“”„‟«»「」『』]/g;
  const MAX_BYTES = 120;

  class QueryError extends Error {
    /** @param {string} text */
    constructor(text) {
      super(`"${text}" is no date: write 2024, 2024-05 or 2024-05-31`);
      this.text = text;
    }
  }

  /** @type {(nodes: QueryNode[]) => QueryGroup} */
  const and = (nodes) => ({ kind: "and", nodes });
  /** @type {(nodes: QueryNode[]) => QueryGroup} */
  const or = (nodes) => ({ kind: "or", nodes });
  /** @type {(name: string, value: string) => QueryFacet} */
  const facet = (name, value) => ({ kind: "facet", name, slug: slugify(value) });
  /** @type {<Kind extends QueryNode>(nodes: Kind[]) => Kind[]} */
  const unique = (nodes) => [...new Map(nodes.map((node) => [JSON.stringify(node), node])).values()];

  // Characters that show nothing or only frame another.
  const INVISIBLE =
    /[\u00ad\u034f\u0488\u0489\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1abe\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e0\u20e2-\u20e4\u3164\ua670-\ua672\ufe00-\ufe0f\ufeff\uffa0\u{e0000}-\u{e0fff}]/gu;

  /**
   * A name as its address has it: builder/base/urls.py.
   * @param {string} text
   */
  function slugify(text) {
    const foldedText = text
      .normalize("NFC")
      .toLowerCase()
      .normalize("NFC")
      .replace(INVISIBLE, "")
      .normalize("NFC")
      .replace(/(?<=[\p{L}\p{N}])[+＋]+/gu, (signs) => `${" plus".repeat(signs.length)} `)
      .replace(/(?<=[\p{L}\p{N}])[#♯＃](?![\p{L}\p{N}])/gu, " sharp ")
      .replace(/(?<=[\p{L}\p{N}])♭/gu, " flat ")
      .replace(/(?<=[\p{L}\p{N}])[\\＼](?=[\p{L}\p{N}])/gu, " backslash ")
      .replace(/(?<![^\s\x1c-\x1f\x85(/])[.．](?=\p{L})/gu, " dot ");
    const slug = foldedText
      .split(/[^\p{L}\p{N}\p{M}]+/u)
      .filter((word) => /[^\p{M}]/u.test(word))
      .join("-");
    const bytes = new TextEncoder().encode(slug);
    if (bytes.length <= MAX_BYTES) return portable(slug);
    let end = MAX_BYTES;
    while ((bytes[end] & 0xc0) === 0x80) end -= 1; // not inside a character
    return portable(new TextDecoder().decode(bytes.subarray(0, end)).replace(/^-+|-+$/g, ""));
  }

  /**
   * `slug` as every file system takes it: final sigma at a word's end, no name that Windows keeps for a device.
   * @param {string} slug
   */
  function portable(slug) {
    const name = slug.replace(/σ(?=-|$)/g, "ς");
    return /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/.test(name) ? `${name}-` : name;
  }

  /**
   * What asks for all words of `text` side by side, or null where it has none.
   * @param {string} text
   * @returns {Phrase | null}
   */
  function phrase(text, title = false, mayBegin = false) {
    const { fold, runs, bigrams, termOf } = search.words;
    const foldedText = fold(mayBegin ? text.replace(/\*+$/, "") : text);
    /** @type {QueryPart[]} */
    const parts = [];
    /** @type {number[]} */
    const offsets = [];
    let at = 0;
    for (const run of runs(foldedText)) {
      const letters = [...run.text].length;
      if (run.isWord) {
        const isPrefix = mayBegin && text.endsWith("*") && run.end === foldedText.length;
        parts.push(isPrefix ? { kind: "prefix", text: run.text } : { kind: "term", text: termOf(run.text) });
        offsets.push(at);
        at += 1;
      } else if (letters === 1) {
        parts.push({ kind: "character", text: run.text });
        offsets.push(at);
        at += 1;
      } else {
        for (const [number, term] of bigrams(run.text).slice(0, -1).entries()) {
          parts.push({ kind: "term", text: term });
          offsets.push(at + number);
        }
        at += letters;
      }
    }
    return parts.length ? { kind: "phrase", parts, offsets, title } : null;
  }

  /** @type {(name: string, value: string, facets: string[]) => (QueryNode | null)[]} */
  function fieldNodes(name, value, facets) {
    const field = name.toLowerCase();
    const isQuoted = value.startsWith('"');
    const inner = value.replace(/^"+|"+$/g, "");
    const title = field === "title" ? phrase(inner, true, !isQuoted) : null;
    if (title) return [title];
    if (facets.includes(field) && slugify(inner)) return [facet(field, inner)];
    return [phrase(name), phrase(inner, false, !isQuoted)];
  }

  /** @type {RegExp | undefined} */
  let pattern;

  /**
   * @param {string} text
   * @param {string[]} facets
   * @returns {Generator<QueryNode | "OR">}
   */
  function* items(text, facets) {
    const { SPACE } = search.words;
    pattern ??= new RegExp(
      `(?<dashes>-*)(?:(?<name>[A-Za-z]+):(?<value>"[^"]*"?|[^${SPACE}"]*)|"(?<quotation>[^"]*)"?|(?<word>[^${SPACE}"]+))`,
      "g",
    );
    for (const { groups = {} } of text.matchAll(pattern)) {
      const { dashes, name, value, quotation, word } = groups;
      if (word === "OR" && !dashes) {
        yield "OR";
        continue;
      }
      const nodes =
        name !== undefined
          ? fieldNodes(name, value, facets)
          : [quotation !== undefined ? phrase(quotation) : phrase(word, false, true)];
      for (const node of nodes) if (node) yield dashes ? { kind: "not", node } : node;
    }
  }

  /**
   * All of `groups`, each of which needs one; values of one facet come together.
   * @param {QueryNode[][]} groups
   */
  function join(groups) {
    /** @type {Map<string, QueryFacet[]>} */
    const facets = new Map();
    /** @type {QueryNode[]} */
    const nodes = [];
    for (const group of groups) {
      const [only] = group;
      if (group.length > 1) nodes.push(or(unique(group)));
      else if (only.kind === "facet" && only.name !== "tag") facets.set(only.name, [...(facets.get(only.name) ?? []), only]);
      else nodes.push(only);
    }
    for (const values of facets.values()) {
      const different = unique(values);
      nodes.push(different.length > 1 ? or(different) : different[0]);
    }
    const different = unique(nodes);
    return different.length === 1 ? different[0] : and(different);
  }

  /**
   * What `text` asks for; `facets` are the names that may stand before a colon, `title` aside.
   * @param {string} text
   * @param {string[]} facets
   * @returns {QueryNode}
   */
  function parse(text, facets) {
    const normal = text.normalize("NFKC").replace(QUOTES, '"');
    if (new RegExp(`^[${search.words.SPACE}]*$`).test(normal)) return and([]);
    /** @type {QueryNode[][]} */
    const groups = [];
    let isBound = false;
    for (const item of items(normal, facets)) {
      if (item === "OR") {
        isBound = groups.length > 0;
        continue;
      }
      if (isBound) groups[groups.length - 1].push(item);
      else groups.push([item]);
      isBound = false;
    }
    return groups.length ? join(groups) : or([]);
  }

  /** @param {string} text */
  function checkedDate(text) {
    const [, year, month = "1", day = "1"] = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/.exec(text) ?? [];
    const last = new Date(Date.UTC(2000, 0, 1));
    last.setUTCFullYear(Number(year), Number(month), 0);
    const isDay = Number(year) > 0 && +month >= 1 && +month <= 12 && +day >= 1 && +day <= last.getUTCDate();
    if (text && !isDay) throw new QueryError([...text].slice(0, 40).join(""));
    return text;
  }

  /**
   * What `text` asks for within `filters` (names or slugs by facet). Throws QueryError for a date that is none.
   * @param {string} text
   * @param {string[]} facets
   * @param {Filters} filters
   */
  function compose(text, facets, filters = {}, since = "", until = "") {
    const nodes = [parse(text, facets)];
    for (const name of facets) {
      const values = unique((filters[name] ?? []).map((value) => facet(name, value)));
      if (values.length) nodes.push(...(name === "tag" ? values : [or(values)]));
    }
    if (since || until) nodes.push({ kind: "period", since: checkedDate(since), until: checkedDate(until) });
    return nodes.length > 1 ? and(nodes) : nodes[0];
  }

  /**
   * The phrases that are asked for and not excluded, in their order: what is scored, and what is marked.
   * @param {QueryNode} node
   * @returns {Generator<Phrase>}
   */
  function* phrases(node) {
    if (node.kind === "phrase") yield node;
    else if (node.kind === "and" || node.kind === "or") for (const inner of node.nodes) yield* phrases(inner);
  }

  search.query = { parse, compose, phrases, slugify, QueryError };
})();
