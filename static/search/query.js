// The search language: a text to a tree that says which stories are meant. The twin of builder/search/query.py, which states
// every rule.
"use strict";

(() => {
  const { search } = window.morgue;
  const { fold, runs, bigrams, termOf, SPACE } = search.words;
  const FACETS = ["agency", "source", "section", "type", "tag", "byline", "language"];
  const QUOTES = /[“”„‟«»「」『』]/g;
  const ITEM = new RegExp(
    `(?<dashes>-*)(?:(?<name>[A-Za-z]+):(?<value>"[^"]*"?|[^${SPACE}"]*)|"(?<quoted>[^"]*)"?|(?<word>[^${SPACE}"]+))`,
    "g",
  );
  const BLANK = new RegExp(`^[${SPACE}]*$`);
  const MOST_BYTES = 120;

  class QueryError extends Error {
    constructor(text) {
      super(`"${text}" is no date: write 2024, 2024-05 or 2024-05-31`);
      this.text = text;
    }
  }

  const all = (nodes) => ({ kind: "all", nodes });
  const some = (nodes) => ({ kind: "some", nodes });
  const facet = (name, value) => ({ kind: "facet", name, slug: slugify(value) });
  const different = (nodes) => [...new Map(nodes.map((node) => [JSON.stringify(node), node])).values()];

  // A name as its address has it: builder/urls.py.
  function slugify(text) {
    const folded = text.normalize("NFC").toLowerCase().normalize("NFC");
    const slug = folded.replace(/[^\p{L}\p{N}\p{M}]+/gu, "-").replace(/^-|-$/g, "");
    const bytes = new TextEncoder().encode(slug);
    if (bytes.length <= MOST_BYTES) return slug;
    let end = MOST_BYTES;
    while ((bytes[end] & 0xc0) === 0x80) end -= 1; // not inside a character
    return new TextDecoder().decode(bytes.subarray(0, end)).replace(/^-+|-+$/g, "");
  }

  // What asks for all words of `text` side by side, or null where it has none.
  function textOf(text, title = false, mayBegin = false) {
    const folded = fold(mayBegin ? text.replace(/\*+$/, "") : text);
    const parts = [];
    const offsets = [];
    let at = 0;
    for (const run of runs(folded)) {
      const letters = [...run.text].length;
      if (run.isWord) {
        const begins = mayBegin && text.endsWith("*") && run.end === folded.length;
        parts.push(begins ? { kind: "prefix", text: run.text } : { kind: "term", text: termOf(run.text) });
        offsets.push(at);
        at += 1;
      } else if (letters === 1) {
        parts.push({ kind: "character", text: run.text });
        offsets.push(at);
        at += 1;
      } else {
        bigrams(run.text)
          .slice(0, -1)
          .forEach((term, number) => {
            parts.push({ kind: "term", text: term });
            offsets.push(at + number);
          });
        at += letters;
      }
    }
    return parts.length ? { kind: "text", parts, offsets, title } : null;
  }

  function ofField(name, value) {
    const field = name.toLowerCase();
    const isQuoted = value.startsWith('"');
    const inner = value.replace(/^"+|"+$/g, "");
    const title = field === "title" ? textOf(inner, true, !isQuoted) : null;
    if (title) return [title];
    if (FACETS.includes(field) && slugify(inner)) return [facet(field, inner)];
    return [textOf(name), textOf(inner, false, !isQuoted)];
  }

  function* items(text) {
    for (const { groups } of text.matchAll(ITEM)) {
      const { dashes, name, value, quoted, word } = groups;
      if (word === "OR" && !dashes) {
        yield "OR";
        continue;
      }
      const found = name !== undefined ? ofField(name, value) : [quoted !== undefined ? textOf(quoted) : textOf(word, false, true)];
      for (const node of found) if (node) yield dashes ? { kind: "not", node } : node;
    }
  }

  // All of `groups`, each of which needs one; values of one facet come together.
  function joined(groups) {
    const facets = new Map();
    const nodes = [];
    for (const group of groups) {
      const [only] = group;
      if (group.length > 1) nodes.push(some(different(group)));
      else if (only.kind === "facet" && only.name !== "tag") facets.set(only.name, [...(facets.get(only.name) ?? []), only]);
      else nodes.push(only);
    }
    for (const values of facets.values()) {
      const unlike = different(values);
      nodes.push(unlike.length > 1 ? some(unlike) : unlike[0]);
    }
    const unlike = different(nodes);
    return unlike.length === 1 ? unlike[0] : all(unlike);
  }

  function parse(text) {
    const normal = text.normalize("NFKC").replace(QUOTES, '"');
    if (BLANK.test(normal)) return all([]);
    const groups = [];
    let bound = false;
    for (const item of items(normal)) {
      if (item === "OR") {
        bound = groups.length > 0;
        continue;
      }
      if (bound) groups.at(-1).push(item);
      else groups.push([item]);
      bound = false;
    }
    return groups.length ? joined(groups) : some([]);
  }

  function dateOf(text) {
    const [, year, month, day] = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/.exec(text) ?? [];
    const last = new Date(Date.UTC(2000, 0, 1));
    last.setUTCFullYear(Number(year), Number(month ?? 1), 0);
    const isDay = Number(year) > 0 && (month ?? 1) >= 1 && (month ?? 1) <= 12 && (day ?? 1) >= 1 && (day ?? 1) <= last.getUTCDate();
    if (text && !isDay) throw new QueryError([...text].slice(0, 40).join(""));
    return text;
  }

  // What `text` asks for within `filters` (names or slugs by facet). Throws QueryError for a date that is none.
  function compose(text, filters = {}, since = "", until = "") {
    const nodes = [parse(text)];
    for (const name of FACETS) {
      const values = different((filters[name] ?? []).map((value) => facet(name, value)));
      if (values.length) nodes.push(...(name === "tag" ? values : [some(values)]));
    }
    if (since || until) nodes.push({ kind: "period", since: dateOf(since), until: dateOf(until) });
    return nodes.length > 1 ? all(nodes) : nodes[0];
  }

  // The texts that are asked for and not excluded, in their order: what is scored, and what is marked.
  function* texts(node) {
    if (node.kind === "text") yield node;
    else if (node.kind === "all" || node.kind === "some") for (const inner of node.nodes) yield* texts(inner);
  }

  search.query = { parse, compose, texts, slugify, QueryError };
})();
