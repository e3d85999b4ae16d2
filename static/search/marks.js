// On the page of a story that was found: the words that were asked for, marked. Loaded for addresses that end in #find=… alone.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const article = /** @type {HTMLElement} */ (document.querySelector(".article") ?? document.querySelector("main"));
  const SEARCH_AREA = article.matches(".article") ? "h1, .byline, .story-text" : "main"; // the text, the headline, and who it is by

  /** @param {string} text */
  function decode(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // written by hand
    }
  }

  /** @type {(part: QueryPart, token: string) => boolean} */
  const isMatch = (part, token) =>
    part.kind === "term" ? token === part.text : token.startsWith(part.text) || token === search.words.termOf(part.text);

  /**
   * @param {string} text
   * @param {Phrase[]} phrases
   */
  function hits(text, phrases) {
    const tokens = search.words.locate(text);
    /** @type {Mark[]} */
    const ranges = [];
    for (const { parts, offsets } of phrases) {
      const isCharacter = parts[parts.length - 1].kind === "character";
      const size = offsets[offsets.length - 1];
      for (let at = 0; at + size < tokens.length; at += 1) {
        const isThere = parts.every((part, number) => {
          const token = tokens[at + offsets[number]];
          const isWord =
            part.kind === "prefix" && search.words.wordsOf(text.slice(token.start, token.end))[0]?.startsWith(part.text);
          return isWord || isMatch(part, token.term);
        });
        if (!isThere) continue;
        const next = tokens[at + size + 1]?.start;
        const { start, end } = tokens[at + size];
        ranges.push([tokens[at].start, isCharacter && next > start && next < end ? next : end]); // a bigram that its first character found
      }
    }
    return ranges.sort((a, b) => a[0] - b[0]);
  }

  /**
   * Mark in `nodes`, the texts of one paragraph: a phrase may begin in one, emphasised perhaps, and end in another.
   * @param {Text[]} nodes
   * @param {Phrase[]} phrases
   */
  function mark(nodes, phrases) {
    const ranges = hits(nodes.map(({ data }) => data).join(""), phrases);
    let begin = 0;
    for (const node of nodes) {
      const { length } = node.data;
      let rest = node;
      let cut = begin;
      for (const [from, to] of ranges) {
        const start = Math.max(from, cut);
        const end = Math.min(to, begin + length);
        if (start >= end) continue;
        const hit = rest.splitText(start - cut);
        rest = hit.splitText(end - start);
        cut = end;
        const element = document.createElement("mark");
        element.className = "found";
        hit.replaceWith(element);
        element.append(hit);
      }
      begin += length;
    }
  }

  function paragraphs() {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    /** @type {Text[][]} */
    const paragraphs = [];
    /** @param {Element} element */
    const isInline = (element) => getComputedStyle(element).display.startsWith("inline") && element.tagName !== "BR";
    /** @type {(element: Element) => Element} */
    const blockOf = (element) =>
      element === article || !isInline(element) || !element.parentElement ? element : blockOf(element.parentElement);
    let block = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (node instanceof Element) {
        if (!isInline(node)) block = null;
      } else if (
        node instanceof Text &&
        parent?.closest(SEARCH_AREA) &&
        !parent.closest("script, style, pre.cite, .pill, button")
      ) {
        if (blockOf(parent) !== block) paragraphs.push([]);
        block = blockOf(parent);
        paragraphs[paragraphs.length - 1].push(node);
      }
    }
    return paragraphs;
  }

  // Which names are facets the index's manifest knows; without it nothing is marked.
  search
    .open()
    .then(({ head }) => {
      const phrases = [...search.query.phrases(search.query.parse(decode(location.hash.slice("#find=".length)), head.facets))];
      if (phrases.length) for (const nodes of paragraphs()) mark(nodes, phrases);
      const first = document.querySelector("mark.found");
      if (first && first.getBoundingClientRect().top > innerHeight) first.scrollIntoView({ block: "center" });
    })
    .catch((error) => {
      if (!(error instanceof search.LoadError)) throw error;
    });
})();
