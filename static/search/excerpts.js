// A few words of a text around what was found in it, and where in them it stands: the twin of builder/search/text/excerpts.py.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const ROOM = 60; // a word counts 2, a character of a run 1
  const LEAD = 12;
  const MAX_LENGTH = 400; // code points
  /** @param {string} flat */
  const strip = (flat) => flat.replace(/^ +| +$/g, "");

  // What is looked for in many texts: the terms that each part of `phrases` stands for, and the letters that any begins with.
  search.matcher = (phrases, termsOf) => {
    const patterns = phrases.map(({ parts, offsets }) => ({
      sets: parts.map(termsOf),
      offsets,
      isCharacter: parts[parts.length - 1].kind === "character",
    }));
    const initials = new Set(patterns.flatMap(({ sets }) => sets.flatMap((terms) => Array.from(terms, (term) => term[0]))));
    return { phrases: patterns, initials };
  };

  /**
   * Where `matcher`'s phrases stand: the first token and the one after the last, which phrase it is, and where its text ends.
   * @param {Matcher} matcher
   * @param {Token[]} tokens
   */
  function hitsOf({ phrases }, tokens) {
    /** @type {{ at: number, end: number, number: number, stop: number }[]} */
    const hits = [];
    phrases.forEach(({ sets, offsets, isCharacter }, number) => {
      const length = offsets[offsets.length - 1] + 1;
      const [first] = sets;
      for (let at = 0; at + length <= tokens.length; at += 1) {
        if (first.has(tokens[at].term) && sets.every((terms, part) => terms.has(tokens[at + offsets[part]].term))) {
          hits.push({ at, end: at + length, number, stop: stopOf(tokens, at + length - 1, isCharacter) });
        }
      }
    });
    return hits;
  }

  /**
   * Where the token `last` ends; of a bigram that was found by its first character, where that one does.
   * @param {Token[]} tokens
   * @param {number} last
   * @param {boolean} isCharacter
   */
  function stopOf(tokens, last, isCharacter) {
    const { start, end } = tokens[last];
    const next = tokens[last + 1]?.start;
    return isCharacter && next > start && next < end ? next : end;
  }

  // What was asked for in a short text (a headline, a name), as ranges in order.
  search.marks = (text, matcher) => {
    const tokens = search.words.locate(text, matcher.initials);
    /** @type {Mark[]} */
    const marks = hitsOf(matcher, tokens).map(({ at, stop }) => [tokens[at].start, stop]);
    return marks.sort((a, b) => a[0] - b[0]).reduce(join, /** @type {Mark[]} */ ([]));
  };

  /**
   * Marks that touch are one.
   * @param {Mark[]} marks
   * @param {Mark} mark
   */
  function join(marks, [start, stop]) {
    const last = marks[marks.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], stop);
    else marks.push([start, stop]);
    return marks;
  }

  /**
   * The first token of the best piece and the one after its last: most of the phrases, then most hits, then first.
   * @param {{ at: number, number: number }[]} hits
   * @param {Token[]} tokens
   */
  function bestPiece(hits, tokens) {
    const sums = [0];
    let sum = 0;
    // Pairs of a run overlap: each counts for its first character alone.
    for (const { term } of tokens) sums.push((sum += search.words.isOfRun(term) ? 1 : 2));
    let start = 0;
    let best = [0, 0];
    hits.forEach((hit, place) => {
      const end = search.lower(sums, sums[hit.at] + ROOM - LEAD);
      const inside = [];
      for (let other = place; other < hits.length && hits[other].at < end; other += 1) inside.push(hits[other].number);
      const value = [new Set(inside).size, inside.length];
      if (value[0] > best[0] || (value[0] === best[0] && value[1] > best[1])) [start, best] = [hit.at, value];
    });
    let first = sums[start] > LEAD ? search.lower(sums, sums[start] - LEAD) : 0;
    const last = Math.min(Math.max(search.lower(sums, sums[first] + ROOM), first), tokens.length);
    if (last === tokens.length) first = Math.min(first, search.lower(sums, Math.max(sum - ROOM, 0)));
    return [first, last];
  }

  search.excerpt = (text, matcher) => {
    const flat = text.replace(new RegExp(`(?! )[${search.words.SPACE}]`, "g"), " ");
    const tokens = search.words.locate(flat, matcher.initials);
    const hits = hitsOf(matcher, tokens);
    hits.sort((a, b) => a.at - b.at || a.end - b.end || a.number - b.number);
    const [first, last] = bestPiece(hits, tokens);
    let begin = first ? tokens[first].start : 0;
    let end = last < tokens.length ? tokens[last].start : flat.length;
    if (end - begin > MAX_LENGTH) {
      const letters = [...flat.slice(begin, begin + 2 * MAX_LENGTH)].slice(0, MAX_LENGTH);
      end = Math.min(end, begin + letters.join("").length);
    }
    const piece = strip(flat.slice(begin, end));
    const before = first ? "…" : "";
    const after = strip(flat.slice(end)) ? "…" : "";
    begin = flat.indexOf(piece, begin);
    end = begin + piece.length;
    /** @type {Mark[]} */
    const marks = [];
    for (const hit of hits) {
      if (hit.at < first || hit.end > last) continue;
      const start = tokens[hit.at].start - begin + before.length;
      const stop = Math.min(hit.stop, end) - begin + before.length;
      if (start < stop) join(marks, [start, stop]);
    }
    return { text: before + piece + after, marks };
  };
})();
