// What only some questions need, loaded with the first of them: phrases, words by their beginning, facets, better spellings.
"use strict";

(() => {
  const { search } = window.morgue;
  const { both, either, lower, Reader, UNDATED } = search;
  const WEIGHTS = { title: 3, names: 2, body: 1 };
  const FACETS = ["agency", "source", "section", "type", "tag", "byline", "language"];

  // The rarest parts lead, and only where they stand are the others looked for.
  async function sideBySide(index, text, parts) {
    const sets = parts.map((terms) => either(terms.map(({ keys }) => keys)));
    let keys = [...new Set(sets)].reduce(both);
    const order = sets.map((_, at) => at).sort((one, other) => sets[one].length - sets[other].length);
    const found = (at) => Promise.all(parts[at].map(({ term }) => placesOf(index, term, keys)));
    const early = await Promise.all(order.slice(0, 2).map(found)); // of two the first leaves out nothing
    let starts = null;
    for (const [turn, at] of order.entries()) {
      const here = new Map();
      for (const places of early[turn] ?? (await found(at))) {
        for (const [key, fields] of places) {
          const sums = here.get(key) ?? { title: [], names: [], body: [] };
          for (const field in fields) sums[field].push(...fields[field].map((place) => place - text.offsets[at]));
          here.set(key, sums);
        }
      }
      const kept = new Map();
      for (const [key, fields] of here) {
        const before = starts?.get(key);
        const left = {};
        for (const field in fields) {
          const unique = [...new Set(fields[field])];
          const begun = before && new Set(before[field]);
          left[field] = text.title && field !== "title" ? [] : begun ? unique.filter((start) => begun.has(start)) : unique;
        }
        if (left.title.length + left.names.length + left.body.length && (!starts || before)) kept.set(key, left);
      }
      starts = kept;
      keys = Float64Array.from(kept.keys()).sort();
    }
    const lengths = new Map();
    for (const { keys: of, lengths: coded } of parts[order[0]]) of.forEach((key, at) => lengths.set(key, coded[at]));
    return {
      keys,
      counts: Array.from(keys, (key) =>
        Object.entries(WEIGHTS).reduce((sum, [field, weight]) => sum + weight * starts.get(key)[field].length, 0),
      ),
      lengths: Array.from(keys, (key) => lengths.get(key)),
    };
  }

  // Where `term` stands in the stories of `wanted` (keys, ascending) that have it: a Map of key to {title, names, body}.
  async function placesOf(index, term, wanted) {
    const { keys, counts } = await index.postings(term);
    const places = new Map();
    if (!keys.length || !wanted.length) return places;
    const files = await index.listWith(await index.positions(), term);
    const isWithin = (number) => files.starts[number] === term && files.keys.has(number);
    let at = files.place(term);
    while (at > 0 && isWithin(at)) at -= 1;
    const pieces = [];
    for (let first = 0; at < files.starts.length && first < keys.length; at += 1) {
      const end = isWithin(at + 1) ? lower(keys, files.keys.get(at + 1)) : keys.length;
      if (lower(wanted, keys[first]) < lower(wanted, keys[end - 1] + 1)) pieces.push({ file: files.name(at), first, end });
      first = end;
    }
    const asked = new Set(wanted);
    const read = async ({ file, first, end }) => {
      const { terms, bytes } = await index.file(`p/${file}`, (reader) => {
        const written = reader.terms();
        const begins = reader.begins(written.length);
        return { bytes: reader.bytes, terms: new Map(written.map((each, at) => [each, begins.map((column) => column[at])])) };
      });
      const [fields, reader] = terms.get(term).map((begin) => new Reader(bytes, begin));
      const run = (size) => {
        let last = 0;
        return Array.from({ length: size }, () => (last += reader.number()));
      };
      for (let number = first; number < end; number += 1) {
        const [title, names] = fields.number() ? [fields.number(), fields.number()] : [0, 0];
        const body = run(counts[number] - 3 * title - 2 * names);
        const found = { body, title: run(title), names: run(names) };
        if (asked.has(keys[number])) places.set(keys[number], found);
      }
    };
    await Promise.all(pieces.map(read));
    return places;
  }

  // The words, as they are written, that begin with `prefix`: [word, binary logarithm of how many stories have it].
  async function wordsFrom(index, prefix) {
    const names = await index.names(await index.list(`v/${index.head.words}`), prefix);
    const read = (reader) => reader.terms().map((word) => [word, reader.number()]);
    const parts = await Promise.all(names.map((name) => index.file(`v/${name}`, read)));
    return parts.flat().filter(([word]) => word.startsWith(prefix));
  }

  // The facets of a year's stories: {names: [[slug, name]], of: [[numbers]]} by facet; `of` in the order of keys.
  function facetsOf(index, label) {
    const { names, stories } = index.years.get(label);
    return index.file(`f/${names}`, (reader) => {
      const listed = JSON.parse(reader.text());
      return FACETS.map((facet) => ({
        facet,
        names: listed[facet],
        of: Array.from({ length: stories }, () => Array.from({ length: reader.number() }, () => reader.number())),
      }));
    });
  }

  // By facet, its values among all that was found, the most frequent first: {slug, name, count}.
  async function facets(found) {
    const { index, keys } = found;
    const totals = new Map();
    await Promise.all(
      [...found.years()].map(async ([label]) => {
        const [days, values] = await Promise.all([index.days(label), facetsOf(index, label)]);
        const begin = label ? lower(keys, index.key(`${label}-01-01`)) : lower(keys, UNDATED * index.span);
        const numbers = [];
        for (let at = begin; at < keys.length && index.date(keys[at]).slice(0, 4) === label; at += 1) {
          numbers.push(days.get(index.day(keys[at])).before + index.slot(keys[at]));
        }
        for (const { facet, names, of } of values) {
          const counts = new Uint32Array(names.length);
          for (const number of numbers) for (const which of of[number]) counts[which] += 1;
          if (!totals.has(facet)) totals.set(facet, new Map());
          const sums = totals.get(facet);
          names.forEach(([slug, name], at) => {
            if (counts[at]) sums.set(slug, { slug, name, count: (sums.get(slug)?.count ?? 0) + counts[at] });
          });
        }
      }),
    );
    const languages = totals.get("language");
    for (const { slug, count } of [...(languages?.values() ?? [])]) {
      // Who asks for zh finds zh-Hant, too. A range with one language in it tells nothing new.
      for (let end = slug.lastIndexOf("-"); end > 0; end = slug.lastIndexOf("-", end - 1)) {
        const range = slug.slice(0, end);
        const value = languages.get(range) ?? { slug: range, name: range, count: 0, of: 0 };
        languages.set(range, { ...value, count: value.count + count, of: value.of + 1 });
      }
    }
    for (const value of languages?.values() ?? []) value.isRange = value.of === 1;
    const biggest = (one, other) => other.count - one.count || (one.slug < other.slug ? -1 : 1);
    return Object.fromEntries([...totals].map(([facet, sums]) => [facet, [...sums.values()].sort(biggest)]));
  }

  // The whole query with each word that is asked for and is nowhere replaced by a like one; null where there is none to
  // replace. What is excluded, and the names of fields and their values, stay as they are.
  async function suggestion(index, query) {
    const { fold, runs, isStemmed, termOf, located } = search.words;
    const parts = [...search.query.texts(search.query.parse(query))].flatMap((text) => text.parts);
    const isThere = async ({ kind, text }) =>
      (kind === "prefix" ? await wordsFrom(index, text) : (await index.postings(text)).keys).length > 0;
    let better = "";
    let at = 0;
    for (const { start, end } of located(query)) {
      const [{ text, isWord } = {}] = runs(fold(query.slice(start, end)));
      if (!isWord || !isStemmed(text) || text.length < 3) continue;
      const asked = parts.filter((part) => part.text === (part.kind === "prefix" ? text : termOf(text)));
      if (!asked.length || (await Promise.all(asked.map(isThere))).some(Boolean)) continue;
      const near = await nearest(index, text);
      if (!near) continue;
      better += query.slice(at, start) + near;
      at = end;
    }
    return at ? better + query.slice(at) : null;
  }

  async function nearest(index, word) {
    const most = word.length < 5 ? 1 : 2;
    let best = null;
    for (const [other, size] of await wordsFrom(index, word[0])) {
      if (Math.abs(other.length - word.length) > most) continue;
      const away = distance(word, other, most);
      if (away <= most && (!best || away < best.away || (away === best.away && size > best.size))) best = { other, away, size };
    }
    return best?.other;
  }

  // How many letters are wrong, missing, too many or exchanged with their neighbours; anything above `most` is much.
  function distance(one, other, most) {
    let before = null;
    let last = Array.from({ length: other.length + 1 }, (_, at) => at);
    for (let row = 1; row <= one.length; row += 1) {
      const next = [row];
      for (let column = 1; column <= other.length; column += 1) {
        const differs = one[row - 1] !== other[column - 1];
        next[column] = Math.min(last[column] + 1, next[column - 1] + 1, last[column - 1] + differs);
        if (before && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]) {
          next[column] = Math.min(next[column], before[column - 2] + 1);
        }
      }
      if (Math.min(...next) > most) return most + 1;
      [before, last] = [last, next];
    }
    return last[other.length];
  }

  search.more = { sideBySide, wordsFrom, facets, suggestion };
})();
