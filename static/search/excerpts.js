// A few words of a text around what was found in it, and where in them it stands: the twin of builder/search/excerpts.py.
"use strict";

(() => {
  const { search } = window.morgue;
  const ROOM = 60; // a word counts 2, a character of Han, kana or Hangul 1
  const LEAD = 12;
  const LONGEST = 400; // code points
  const SPACES = new RegExp(`(?! )[${search.words.SPACE}]`, "g");
  const strip = (flat) => flat.replace(/^ +| +$/g, "");

  // What is looked for in many texts: the terms that each part of `texts` stands for, and the letters that any begins with.
  search.wanted = (texts, termsOf) => {
    const all = texts.map(({ parts, offsets }) => ({
      sets: parts.map(termsOf),
      offsets,
      isCharacter: parts.at(-1).kind === "character",
    }));
    const initials = new Set(all.flatMap(({ sets }) => sets.flatMap((terms) => Array.from(terms, (term) => term[0]))));
    return { all, initials };
  };

  function found({ all }, tokens) {
    const hits = [];
    all.forEach(({ sets, offsets, isCharacter }, number) => {
      const length = offsets.at(-1) + 1;
      const [first] = sets;
      for (let at = 0; at + length <= tokens.length; at += 1) {
        if (first.has(tokens[at].term) && sets.every((terms, part) => terms.has(tokens[at + offsets[part]].term))) {
          hits.push({ at, end: at + length, number, stop: stopOf(tokens, at + length - 1, isCharacter) });
        }
      }
    });
    return hits;
  }

  // Where the token `last` ends; of a bigram that was found by its first character, where that one does.
  function stopOf(tokens, last, isCharacter) {
    const { start, end } = tokens[last];
    const next = tokens[last + 1]?.start;
    return isCharacter && next > start && next < end ? next : end;
  }

  // What was asked for in a short text (a headline, a name), as ranges in order.
  search.marks = (text, wanted) => {
    const tokens = search.words.located(text, wanted.initials);
    return found(wanted, tokens)
      .map(({ at, stop }) => [tokens[at].start, stop])
      .sort((one, other) => one[0] - other[0])
      .reduce(joined, []);
  };

  // Marks that touch are one.
  function joined(marks, [start, stop]) {
    if (marks.length && start <= marks.at(-1)[1]) marks.at(-1)[1] = Math.max(marks.at(-1)[1], stop);
    else marks.push([start, stop]);
    return marks;
  }

  // Whether a token is one of a run: they overlap, so each counts for its first character alone.
  const isCharacter = (flat, term, start) => flat.charCodeAt(start) >= 0x1100 && [...term].length <= 2;

  // The first number of `sums` (ascending) that is not below `sum`.
  function reach(sums, sum) {
    return search.lower(sums, sum);
  }

  // The first token of the best piece and the one after its last: most of the texts, then most hits, then first.
  function best(hits, flat, tokens) {
    const sums = [0];
    let sum = 0;
    for (const { term, start } of tokens) sums.push((sum += isCharacter(flat, term, start) ? 1 : 2));
    let start = 0;
    let most = [0, 0];
    hits.forEach((hit, place) => {
      const end = reach(sums, sums[hit.at] + ROOM - LEAD);
      const inside = [];
      for (let other = place; other < hits.length && hits[other].at < end; other += 1) inside.push(hits[other].number);
      const value = [new Set(inside).size, inside.length];
      if (value[0] > most[0] || (value[0] === most[0] && value[1] > most[1])) [start, most] = [hit.at, value];
    });
    let first = sums[start] > LEAD ? reach(sums, sums[start] - LEAD) : 0;
    const last = Math.min(Math.max(reach(sums, sums[first] + ROOM), first), tokens.length);
    if (last === tokens.length) first = Math.min(first, reach(sums, Math.max(sum - ROOM, 0)));
    return [first, last];
  }

  search.excerpt = (text, wanted) => {
    const flat = text.replace(SPACES, " ");
    const tokens = search.words.located(flat, wanted.initials);
    const hits = found(wanted, tokens);
    hits.sort((one, other) => one.at - other.at || one.end - other.end || one.number - other.number);
    const [first, last] = best(hits, flat, tokens);
    let begin = first ? tokens[first].start : 0;
    let end = last < tokens.length ? tokens[last].start : flat.length;
    if (end - begin > LONGEST)
      end = Math.min(end, begin + [...flat.slice(begin, begin + 2 * LONGEST)].slice(0, LONGEST).join("").length);
    const piece = strip(flat.slice(begin, end));
    const before = first ? "…" : "";
    const after = strip(flat.slice(end)) ? "…" : "";
    begin = flat.indexOf(piece, begin);
    end = begin + piece.length;
    const marks = [];
    for (const hit of hits) {
      if (hit.at < first || hit.end > last) continue;
      const start = tokens[hit.at].start - begin + before.length;
      const stop = Math.min(hit.stop, end) - begin + before.length;
      if (start < stop) joined(marks, [start, stop]);
    }
    return { text: before + piece + after, marks };
  };
})();
