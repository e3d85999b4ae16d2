// What only some questions need, loaded with the first of them: phrases, words by their beginning, facets, better spellings.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  /** @typedef {{ title: number[], names: number[], body: number[] }} Places */
  /** @type {(keyof Places)[]} */
  const FIELDS = ["title", "names", "body"];

  /**
   * The stories in which the parts of `phrase` stand side by side. The rarest parts lead, and only where they stand are the
   * others looked for.
   * @type {Lazy["sideBySide"]}
   */
  async function sideBySide(index, phrase, parts) {
    const { intersection, union } = search;
    const sets = parts.map((terms) => union(terms.map(({ keys }) => keys)));
    let keys = [...new Set(sets)].reduce(intersection);
    const order = sets.map((_, at) => at).sort((a, b) => sets[a].length - sets[b].length);
    const placesOfPart = (/** @type {number} */ at) => Promise.all(parts[at].map(({ term }) => placesOf(index, term, keys)));
    const early = await Promise.all(order.slice(0, 2).map(placesOfPart)); // of two the first leaves out nothing
    /** @type {Map<number, Places> | null} */
    let starts = null;
    for (const [turn, at] of order.entries()) {
      /** @type {Map<number, Places>} */
      const here = new Map();
      for (const places of early[turn] ?? (await placesOfPart(at))) {
        for (const [key, fields] of places) {
          const sums = here.get(key) ?? { title: [], names: [], body: [] };
          for (const field of FIELDS) sums[field].push(...fields[field].map((place) => place - phrase.offsets[at]));
          here.set(key, sums);
        }
      }
      /** @type {Map<number, Places>} */
      const survivors = new Map();
      for (const [key, fields] of here) {
        const before = starts?.get(key);
        if (starts && !before) continue;
        /** @type {Places} */
        const both = { title: [], names: [], body: [] };
        for (const field of FIELDS) {
          if (phrase.title && field !== "title") continue;
          const earlier = before && new Set(before[field]);
          both[field] = [...new Set(fields[field])].filter((start) => !earlier || earlier.has(start));
        }
        if (FIELDS.some((field) => both[field].length)) survivors.set(key, both);
      }
      starts = survivors;
      keys = Float64Array.from(survivors.keys()).sort();
    }
    const lengths = new Map();
    for (const { keys: of, lengths: codes } of parts[order[0]]) of.forEach((key, at) => lengths.set(key, codes[at]));
    const { weights } = index.head;
    const count = (/** @type {number} */ key) =>
      FIELDS.reduce((sum, field) => sum + weights[field] * (starts?.get(key)?.[field].length ?? 0), 0);
    return { keys, counts: Array.from(keys, count), lengths: Array.from(keys, (key) => lengths.get(key)) };
  }

  /**
   * Where `term` stands in the stories of `wanted` (keys, ascending) that have it, by key.
   * @param {Index} index
   * @param {string} term
   * @param {Float64Array} wanted
   */
  async function placesOf(index, term, wanted) {
    const { lower, Reader } = search;
    const { weights } = index.head;
    const { keys, counts } = await index.postings(term);
    /** @type {Map<number, Places>} */
    const places = new Map();
    if (!keys.length || !wanted.length) return places;
    const files = await index.directoryWith(await index.positions(), term);
    const isWithin = (/** @type {number} */ number) => files.starts[number] === term && files.keys.has(number);
    let at = files.place(term);
    while (at > 0 && isWithin(at)) at -= 1;
    const pieces = [];
    for (let first = 0; at < files.starts.length && first < keys.length; at += 1) {
      const end = isWithin(at + 1) ? lower(keys, files.keys.get(at + 1) ?? 0) : keys.length;
      if (lower(wanted, keys[first]) < lower(wanted, keys[end - 1] + 1)) pieces.push({ file: files.name(at), first, end });
      first = end;
    }
    const wantedKeys = new Set(wanted);
    /** @param {{ file: string, first: number, end: number }} piece */
    const read = async ({ file, first, end }) => {
      const { terms, bytes } = await index.file(`p/${file}`, (reader) => {
        const names = reader.terms();
        const begins = reader.begins(names.length);
        return { bytes: reader.bytes, terms: new Map(names.map((each, at) => [each, begins.map((column) => column[at])])) };
      });
      const [fields, reader] = (terms.get(term) ?? []).map((begin) => new Reader(bytes, begin));
      /** @param {number} size */
      const run = (size) => {
        let last = 0;
        return Array.from({ length: size }, () => (last += reader.number()));
      };
      for (let number = first; number < end; number += 1) {
        const [title, names] = fields.number() ? [fields.number(), fields.number()] : [0, 0];
        const body = run((counts[number] - weights.title * title - weights.names * names) / weights.body);
        const byField = { body, title: run(title), names: run(names) };
        if (wantedKeys.has(keys[number])) places.set(keys[number], byField);
      }
    };
    await Promise.all(pieces.map(read));
    return places;
  }

  /**
   * The words, as they are written, that begin with `prefix`, each with the binary logarithm of how many stories have it.
   * @type {Lazy["wordsFrom"]}
   */
  async function wordsFrom(index, prefix) {
    const names = await index.names(await index.directory(`v/${index.head.words}`), prefix);
    /** @type {(reader: Reader) => [string, number][]} */
    const read = (reader) => reader.terms().map((word) => [word, reader.number()]);
    const parts = await Promise.all(names.map((name) => index.file(`v/${name}`, read)));
    return parts.flat().filter(([word]) => word.startsWith(prefix));
  }

  /**
   * The facets of a year's stories: by facet the slugs and names, and for each story, in the order of keys, the numbers of its.
   * @param {Index} index
   * @param {Year} year
   */
  function facetsOf(index, { names, stories }) {
    return index.file(`f/${names}`, (reader) => {
      /** @type {Record<string, [slug: string, name: string][]>} */
      const namesByFacet = JSON.parse(reader.text());
      return index.head.facets.map((facet) => ({
        facet,
        names: namesByFacet[facet],
        of: Array.from({ length: stories }, () => Array.from({ length: reader.number() }, () => reader.number())),
      }));
    });
  }

  /**
   * By facet, its values among all results, the most frequent first.
   * @type {Lazy["facets"]}
   */
  async function facets({ index, keys }) {
    const { lower, UNDATED } = search;
    /** @type {Map<string, Map<string, FacetValue & { of?: number }>>} */
    const totals = new Map(index.head.facets.map((facet) => [facet, new Map()]));
    const years = [...index.years.values()];
    await Promise.all(
      years.map(async (year) => {
        const { label } = year;
        const begin = label ? lower(keys, index.key(`${label}-01-01`)) : lower(keys, UNDATED * index.span);
        let end = begin;
        while (end < keys.length && index.date(keys[end]).slice(0, 4) === label) end += 1;
        if (begin === end) return;
        const [days, values] = await Promise.all([index.days(label), facetsOf(index, year)]);
        const numbers = Array.from(keys.subarray(begin, end), (key) => (days.get(index.day(key))?.before ?? 0) + index.slot(key));
        for (const { facet, names, of } of values) {
          const counts = new Uint32Array(names.length);
          for (const number of numbers) for (const which of of[number]) counts[which] += 1;
          const sums = totals.get(facet) ?? new Map();
          names.forEach(([slug, name], at) => {
            if (counts[at]) sums.set(slug, { slug, name, count: (sums.get(slug)?.count ?? 0) + counts[at] });
          });
        }
      }),
    );
    addRanges(totals.get("language") ?? new Map());
    /** @type {(a: FacetValue, b: FacetValue) => number} */
    const bySize = (a, b) => b.count - a.count || (a.slug < b.slug ? -1 : 1);
    return Object.fromEntries(Array.from(totals, ([facet, sums]) => [facet, [...sums.values()].sort(bySize)]));
  }

  /**
   * Who asks for zh finds zh-Hant, too. A range with one language in it tells nothing new.
   * @param {Map<string, FacetValue & { of?: number }>} languages
   */
  function addRanges(languages) {
    for (const { slug, count } of [...languages.values()]) {
      for (let end = slug.lastIndexOf("-"); end > 0; end = slug.lastIndexOf("-", end - 1)) {
        const range = slug.slice(0, end);
        const value = languages.get(range) ?? { slug: range, name: range, count: 0, of: 0 };
        languages.set(range, { ...value, count: value.count + count, of: (value.of ?? NaN) + 1 });
      }
    }
    for (const value of languages.values()) value.isRange = value.of === 1;
  }

  /**
   * The whole query with each word that is asked for and is nowhere replaced by a like one; null where there is none to
   * replace. What is excluded, and the names of fields and their values, stay as they are.
   * @type {Lazy["suggestion"]}
   */
  async function suggestion(index, query) {
    const { fold, runs, isStemmed, termOf, locate } = search.words;
    const parts = [...search.query.phrases(search.query.parse(query, index.head.facets))].flatMap((phrase) => phrase.parts);
    /** @param {QueryPart} part */
    const isThere = async ({ kind, text }) =>
      (kind === "prefix" ? await wordsFrom(index, text) : (await index.postings(text)).keys).length > 0;
    let better = "";
    let at = 0;
    for (const { start, end } of locate(query)) {
      const [run] = runs(fold(query.slice(start, end)));
      if (!run?.isWord || !isStemmed(run.text) || run.text.length < 3) continue;
      const same = parts.filter((part) => part.text === (part.kind === "prefix" ? run.text : termOf(run.text)));
      if (!same.length || (await Promise.all(same.map(isThere))).some(Boolean)) continue;
      const near = await nearest(index, run.text);
      if (!near) continue;
      better += query.slice(at, start) + near;
      at = end;
    }
    return at ? better + query.slice(at) : null;
  }

  /**
   * @param {Index} index
   * @param {string} word
   */
  async function nearest(index, word) {
    const max = word.length < 5 ? 1 : 2;
    let best = null;
    for (const [other, size] of await wordsFrom(index, word[0])) {
      if (Math.abs(other.length - word.length) > max) continue;
      const away = distance(word, other, max);
      if (away <= max && (!best || away < best.away || (away === best.away && size > best.size))) best = { other, away, size };
    }
    return best?.other;
  }

  /**
   * How many letters are wrong, missing, too many or exchanged with their neighbours (Damerau and Levenshtein, restricted);
   * anything above `max` is much.
   * @param {string} a
   * @param {string} b
   * @param {number} max
   */
  function distance(a, b, max) {
    /** @type {number[] | null} */
    let before = null;
    let last = Array.from({ length: b.length + 1 }, (_, at) => at);
    for (let row = 1; row <= a.length; row += 1) {
      const next = [row];
      for (let column = 1; column <= b.length; column += 1) {
        const cost = a[row - 1] === b[column - 1] ? 0 : 1;
        next[column] = Math.min(last[column] + 1, next[column - 1] + 1, last[column - 1] + cost);
        if (before && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
          next[column] = Math.min(next[column], before[column - 2] + 1);
        }
      }
      if (Math.min(...next) > max) return max + 1;
      [before, last] = [last, next];
    }
    return last[b.length];
  }

  search.lazy = { sideBySide, wordsFrom, facets, suggestion };
})();
