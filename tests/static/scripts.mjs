// The search's scripts without a browser: each is run as a page would run it, in a context of its own.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const ROOT = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, ROOT), "utf-8");

export const PARTS = ["words", "query", "excerpts", "files", "index", "searcher", "answers"];
export const CASES = JSON.parse(read("tests/search/cases.json"));
/** The facets' names as Python has them; test_scripts.py hands them over. */
export const FACETS = JSON.parse(process.env.FACETS);

/** A page without any script yet, and what runs one of static/ in it. */
export function page() {
  const window = vm.createContext({ TextEncoder, TextDecoder, document: { documentElement: {} } });
  window.window = window;
  return { window, run: (path) => vm.runInContext(read(`static/${path}.js`), window, { filename: path }) };
}

/** Run `parts` of static/search/ in this order, and return what they add to `morgue.search`. */
export function load(parts = PARTS) {
  const { window, run } = page();
  for (const part of parts) run(`search/${part}`);
  return window.morgue.search;
}

/** A query tree in the words of cases.json; tests/search/trees.py does the same in Python. */
export function asData(node) {
  const marks = { term: "", character: "?", prefix: "*" };
  if (node.kind === "phrase") {
    const data = { text: node.parts.map((part) => part.text + marks[part.kind]), at: node.offsets };
    return node.title ? { ...data, title: true } : data;
  }
  if (node.kind === "facet") return { [node.name]: node.slug };
  if (node.kind === "period") return { since: node.since, until: node.until };
  if (node.kind === "not") return { not: asData(node.node) };
  return { [node.kind === "and" ? "all" : "some"]: node.nodes.map(asData) };
}

/** What comes from another context as plain data of this one. */
export const plain = (data) => JSON.parse(JSON.stringify(data));
