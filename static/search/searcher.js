// Which stories a query means and how well each fits, as builder/search/whoosh_index/searcher.py tells it, step by step.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const NO_KEYS = new Float64Array(0);
  const MAX_PARTS_AT_ONCE = 64;

  // What only some questions need.
  /** @type {Promise<Lazy> | undefined} */
  let loading;
  search.loadLazy = () => {
    loading ??= search.include("static/search/lazy.js").then(() => search.lazy);
    loading.catch(() => (loading = undefined));
    return loading;
  };

  /** @param {number} code */
  const decodedLength = (code) => (code < 64 ? code : 64 * 1.04 ** (code - 64));

  /** @type {Search["intersection"]} */
  function intersection(a, b) {
    if (a.length > b.length) [a, b] = [b, a];
    let from = 0;
    return a.filter((key) => {
      while (from < b.length && b[from] < key) from += 1;
      return b[from] === key;
    });
  }

  /** @type {Search["union"]} */
  function union(lists) {
    const nonEmpty = lists.filter((keys) => keys.length);
    if (nonEmpty.length < 2) return nonEmpty[0] ?? NO_KEYS;
    const all = new Float64Array(nonEmpty.reduce((size, keys) => size + keys.length, 0));
    let size = 0;
    for (const keys of nonEmpty) {
      all.set(keys, size);
      size += keys.length;
    }
    all.sort();
    return all.filter((key, at) => !at || key !== all[at - 1]);
  }

  /** @type {(a: Float64Array, b: Float64Array) => Float64Array} */
  function difference(a, b) {
    let from = 0;
    return a.filter((key) => {
      while (from < b.length && b[from] < key) from += 1;
      return b[from] !== key;
    });
  }

  /** @param {Postings[]} lists */
  function sum(lists) {
    const keys = union(lists.map((list) => list.keys));
    const counts = new Uint32Array(keys.length);
    const lengths = new Uint8Array(keys.length);
    for (const list of lists) {
      let at = 0;
      list.keys.forEach((key, number) => {
        while (keys[at] < key) at += 1;
        counts[at] += list.counts[number];
        lengths[at] = list.lengths[number];
      });
    }
    return { keys, counts, lengths };
  }

  /** @param {string} month */
  function lastDay(month) {
    const [year, number] = month.split("-").map(Number);
    return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
  }

  // A query, asked of one index: each part is looked up once.
  class Searcher {
    /**
     * @param {Index} index
     * @param {QueryNode} query
     */
    constructor(index, query) {
      this.index = index;
      this.query = query;
      /** @type {Map<string, Promise<string[]>>} */
      this.terms = new Map();
      /** @type {Map<string, Promise<Postings>>} */
      this.postings = new Map();
    }

    /**
     * The terms that a part of a phrase stands for: for a prefix those of all words that begin with it.
     * @param {QueryPart} part
     */
    termsOf(part) {
      const name = `${part.kind} ${part.text}`;
      const terms = this.terms.get(name) ?? this.#expand(part);
      this.terms.set(name, terms);
      return terms;
    }

    /**
     * @param {QueryPart} part
     * @returns {Promise<string[]>}
     */
    async #expand({ kind, text }) {
      if (kind === "term") return [text];
      const { isStemmed, termOf } = search.words;
      const isOfWords = kind === "prefix" && isStemmed(text);
      const words = isOfWords ? search.loadLazy().then(({ wordsFrom }) => wordsFrom(this.index, text)) : Promise.resolve([]);
      const [terms, spellings] = await Promise.all([this.index.termsFrom(text), words]);
      const exact = terms.filter((term) => !isStemmed(term));
      return [...new Set([...exact, ...spellings.map(([word]) => termOf(word))])].sort();
    }

    /**
     * The stories that have `phrase`.
     * @param {Phrase} phrase
     */
    counts(phrase) {
      const name = JSON.stringify(phrase);
      const postings = this.postings.get(name) ?? this.#count(phrase);
      this.postings.set(name, postings);
      return postings;
    }

    /**
     * @param {Phrase} phrase
     * @returns {Promise<Postings>}
     */
    async #count(phrase) {
      const isWord = phrase.parts.length === 1 && !phrase.title;
      const isPage = phrase.parts.length > MAX_PARTS_AT_ONCE;
      // What tells where words stand comes with the words: a reader far from the server would wait for it once more.
      if (!isWord && !isPage) for (const coming of [search.loadLazy(), this.index.positions()]) coming.catch(() => {});
      /** @param {QueryPart} part */
      const postings = async (part) =>
        Promise.all((await this.termsOf(part)).map(async (term) => ({ term, ...(await this.index.postings(term)) })));
      const parts = [];
      /** @type {Float64Array | null} */
      let keys = null;
      // A page that was pasted is looked for piece by piece: nearly always its beginning is nowhere.
      for (let at = 0; at < phrase.parts.length && (!keys || keys.length); at += MAX_PARTS_AT_ONCE) {
        const piece = await Promise.all(phrase.parts.slice(at, at + MAX_PARTS_AT_ONCE).map(postings));
        parts.push(...piece);
        if (!isPage) continue;
        const having = new Set(piece.map((lists) => union(lists.map((list) => list.keys))));
        keys = [...(keys ? [keys] : []), ...having].reduce(intersection);
      }
      if (parts.length < phrase.parts.length) return sum([]);
      if (isWord) return parts[0].length === 1 ? parts[0][0] : sum(parts[0]);
      return (await search.loadLazy()).sideBySide(this.index, phrase, parts);
    }

    /**
     * The keys, ascending, of the stories that `node` means.
     * @param {QueryNode} node
     * @returns {Promise<Float64Array>}
     */
    async matches(node) {
      if (node.kind === "phrase") return (await this.counts(node)).keys;
      if (node.kind === "facet") return (await this.index.postings(`${node.name}:${node.slug}`)).keys;
      if (node.kind === "or") return union(await Promise.all(node.nodes.map((inner) => this.matches(inner))));
      const nodes = node.kind === "and" ? node.nodes : [node];
      const positive = nodes.filter(({ kind }) => kind !== "not" && kind !== "period");
      const negative = nodes.filter((inner) => inner.kind === "not");
      const [lists, negatives] = await Promise.all([
        Promise.all(positive.length ? positive.map((inner) => this.matches(inner)) : [this.index.allIds()]),
        Promise.all(negative.map((inner) => this.matches(inner.node))),
      ]);
      let keys = lists.sort((a, b) => a.length - b.length).reduce(intersection);
      for (const others of negatives) keys = difference(keys, others);
      for (const inner of nodes) if (inner.kind === "period") keys = this.#within(keys, inner);
      return keys;
    }

    /**
     * @param {Float64Array} keys
     * @param {QueryPeriod} period
     */
    #within(keys, { since, until }) {
      const end = (until.length === 4 ? `${until}-12-31` : until.length === 7 ? lastDay(until) : until) || "9999-12-31";
      const { span } = this.index;
      const begin = since ? search.lower(keys, this.index.key(since)) : 0;
      return keys.subarray(begin, search.lower(keys, Math.min(this.index.key(end) + span, search.UNDATED * span)));
    }

    /**
     * BM25 over one field of weighted counts.
     * @param {Float64Array} keys
     */
    async scores(keys) {
      const scores = new Float64Array(keys.length);
      const { stories, length, k1, b } = this.index.head;
      const mean = length ? length / stories : 1;
      const norms = Float64Array.from({ length: 256 }, (_, code) => k1 * (1 - b + (b * decodedLength(code)) / mean));
      const phrases = new Map(Array.from(search.query.phrases(this.query), (phrase) => [JSON.stringify(phrase), phrase]));
      const postings = await Promise.all(Array.from(phrases.values(), (phrase) => this.counts(phrase)));
      for (const { keys: having, counts, lengths } of postings) {
        const rarity = Math.log(1 + (stories - having.length + 0.5) / (having.length + 0.5));
        let at = 0;
        keys.forEach((key, number) => {
          while (at < having.length && having[at] < key) at += 1;
          if (having[at] === key) {
            const count = counts[at];
            scores[number] += (rarity * count * (k1 + 1)) / (count + norms[lengths[at]]);
          }
        });
      }
      return scores;
    }
  }

  Object.assign(search, { intersection, union, Searcher });
})();
