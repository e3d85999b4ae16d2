// A few words of a text around what was found in it, and where in them it stands: the twin of builder/search/excerpts.py.
"use strict";

(() => {
  const { search } = window.morgue;
  const ROOM = 60; // a word counts 2, a character of Han, kana or Hangul 1
  const LEAD = 12;
  const LONGEST = 400; // code points
  const SPACES = new RegExp(`[${search.words.SPACE}]`, "g");
  const strip = (flat) => flat.replace(/^ +| +$/g, "");

  function found(text, tokens, termsOf, number) {
    const wanted = text.parts.map(termsOf);
    const length = text.offsets.at(-1) + 1;
    const isCharacter = text.parts.at(-1).kind === "character";
    const hits = [];
    for (let at = 0; at + length <= tokens.length; at += 1) {
      if (wanted.every((terms, part) => terms.has(tokens[at + text.offsets[part]].term))) hits.push({ at, end: at + length, number, stop: stopOf(tokens, at + length - 1, isCharacter) });
    }
    return hits;
  }

  // Where the token `last` ends; of a bigram that was found by its first character, where that one does.
  function stopOf(tokens, last, isCharacter) {
    const { start, end } = tokens[last];
    const next = tokens[last + 1]?.start;
    return isCharacter && next > start && next < end ? next : end;
  }

  // What was asked for in a short text (a headline, a name), as ranges in order.
  search.marks = (text, texts, termsOf) => {
    const tokens = search.words.located(text);
    const hits = texts.flatMap((one, number) => found(one, tokens, termsOf, number));
    return hits.map(({ at, stop }) => [tokens[at].start, stop]).sort((one, other) => one[0] - other[0]).reduce(joined, []);
  };

  // Marks that touch are one.
  function joined(marks, [start, stop]) {
    if (marks.length && start <= marks.at(-1)[1]) marks.at(-1)[1] = Math.max(marks.at(-1)[1], stop);
    else marks.push([start, stop]);
    return marks;
  }

  // The first number of `sums` (ascending) that is not below `sum`.
  function reach(sums, sum) {
    return search.lower(sums, sum);
  }

  // The first token of the best piece and the one after its last: most of the texts, then most hits, then first.
  function best(hits, weights) {
    const sums = [0];
    for (const weight of weights) sums.push(sums.at(-1) + weight);
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
    const last = Math.min(Math.max(reach(sums, sums[first] + ROOM), first), weights.length);
    if (last === weights.length) first = Math.min(first, reach(sums, Math.max(sums.at(-1) - ROOM, 0)));
    return [first, last];
  }

  search.excerpt = (text, texts, termsOf) => {
    const flat = text.replace(SPACES, " ");
    const tokens = search.words.located(flat);
    const hits = texts.flatMap((one, number) => found(one, tokens, termsOf, number));
    hits.sort((one, other) => one.at - other.at || one.end - other.end || one.number - other.number);
    const isCharacter = ({ term, start }) => flat.charCodeAt(start) >= 0x1100 && [...term].length <= 2;
    const [first, last] = best(hits, tokens.map((token) => (isCharacter(token) ? 1 : 2)));
    let begin = first ? tokens[first].start : 0;
    const longest = [...flat.slice(begin, begin + 2 * LONGEST)].slice(0, LONGEST).join("");
    let end = Math.min(last < tokens.length ? tokens[last].start : flat.length, begin + longest.length);
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
