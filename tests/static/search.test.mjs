// Words, queries and excerpts in the browser's language: what cases.json says of both languages.
import assert from "node:assert/strict";
import { test } from "node:test";

import { asData, CASES, FACETS, load, page, PARTS, plain } from "./scripts.mjs";

const search = load();

test("queries ask for what the table says", () => {
  for (const { query, tree } of CASES.queries) assert.deepEqual(plain(asData(search.query.parse(query, FACETS))), tree, query);
});

test("words are the terms that the table says", () => {
  for (const { text, terms } of CASES.words) {
    assert.deepEqual(plain(search.words.locate(text).map(({ term }) => term)), terms, text);
  }
});

test("marks stand on what was found", () => {
  for (const { text, query, marks } of CASES.excerpts) {
    const phrases = [...search.query.phrases(search.query.parse(query, FACETS))];
    const written = search.words.wordsOf(text);
    const begun = (part) => written.filter((word) => word.startsWith(part.text)).map(search.words.termOf);
    const matcher = search.matcher(phrases, (part) => new Set(part.kind === "term" ? [part.text] : begun(part)));
    const excerpt = search.excerpt(text, matcher);
    assert.deepEqual(plain(excerpt.marks.map(([start, end]) => excerpt.text.slice(start, end))), marks, `${text}: ${query}`);
  }
});

test("a date that is none is said to be none", () => {
  for (const date of ["yesterday", "2024-13", "2023-02-29", "2024-5", "24", "0000", "2100-02-29"]) {
    assert.throws(() => search.query.compose("oil", FACETS, {}, date), {
      text: date,
      message: `"${date}" is no date: write 2024, 2024-05 or 2024-05-31`,
    });
  }
  assert.equal(search.query.compose("oil", FACETS, {}, "2024-02-29", "2024").kind, "and");
});

test("a name is a facet only where the index has it", () => {
  assert.deepEqual(plain(asData(search.query.parse("place:rome", ["place"]))), { place: "rome" });
  assert.deepEqual(plain(asData(search.query.parse("agency:rome", ["place"]))), {
    all: [
      { text: ["agenc"], at: [0] },
      { text: ["rome"], at: [0] },
    ],
  });
  const filters = { place: ["Rome", "Oslo"], agency: ["x"] };
  assert.deepEqual(plain(asData(search.query.compose("", ["place"], filters))), {
    all: [{ all: [] }, { some: [{ place: "rome" }, { place: "oslo" }] }],
  });
});

test("the scripts may load in any order", () => {
  const query = '"crude oil" -gas';
  const tree = asData(search.query.parse(query, FACETS));
  for (const turned of [PARTS, [...PARTS].reverse()]) {
    for (let at = 0; at < turned.length; at += 1) {
      const order = [...turned.slice(at), ...turned.slice(0, at)];
      const loaded = load(order);
      assert.deepEqual(plain(asData(loaded.query.parse(query, FACETS))), plain(tree), order.join());
      const matcher = loaded.matcher([...loaded.query.phrases(loaded.query.parse("oil", FACETS))], () => new Set(["oil"]));
      assert.deepEqual(plain(loaded.excerpt("Oil rose", matcher)), { text: "Oil rose", marks: [[0, 3]] }, order.join());
    }
  }
});

test("what is handed over before the reader's script is there is not lost", () => {
  const { window, run } = page();
  run("early");
  window.morgue.search.deliver("manifest", "0");
  run("search/files");
  window.morgue.search.deliver("t/a", "0");
  assert.deepEqual([...window.morgue.search.pending.keys()], ["manifest", "t/a"]);
});
