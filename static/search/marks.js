// On the page of a story that was found: the words that were asked for, marked. Loaded for addresses that end in #find=… alone.
"use strict";

(() => {
  const { search } = window.morgue;
  const article = document.querySelector(".article") ?? document.querySelector("main");
  const SEARCHED = article.matches(".article") ? "h1, .byline, .story-text" : "main"; // the text, the headline, and who it is by
  const asked = decoded(location.hash.slice("#find=".length));
  const texts = [...search.query.texts(search.query.parse(asked))];
  const begins = (part, token) =>
    part.kind === "term" ? token === part.text : token.startsWith(part.text) || token === search.words.termOf(part.text);

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text; // written by hand
    }
  }

  function hits(text) {
    const tokens = search.words.located(text);
    const ranges = [];
    for (const { parts, offsets } of texts) {
      const isCharacter = parts.at(-1).kind === "character";
      for (let at = 0; at + offsets.at(-1) < tokens.length; at += 1) {
        const isThere = parts.every((part, number) => {
          const token = tokens[at + offsets[number]];
          const isWord = part.kind === "prefix" && search.words.fold(text.slice(token.start, token.end)).startsWith(part.text);
          return isWord || begins(part, token.term);
        });
        if (!isThere) continue;
        const last = at + offsets.at(-1);
        const next = tokens[last + 1]?.start;
        const { start, end } = tokens[last];
        ranges.push([tokens[at].start, isCharacter && next > start && next < end ? next : end]); // a bigram that its first character found
      }
    }
    return ranges.sort((one, other) => one[0] - other[0]);
  }

  // Mark in `nodes`, the texts of one paragraph: a phrase may begin in one, emphasised perhaps, and end in another.
  function mark(nodes) {
    const ranges = hits(nodes.map(({ data }) => data).join(""));
    let begin = 0;
    for (const node of nodes) {
      const { length } = node.data;
      let rest = node;
      let cut = begin;
      for (const [from, to] of ranges) {
        const start = Math.max(from, cut);
        const end = Math.min(to, begin + length);
        if (start >= end) continue;
        const found = rest.splitText(start - cut);
        rest = found.splitText(end - start);
        cut = end;
        const made = document.createElement("mark");
        made.className = "found";
        found.replaceWith(made);
        made.append(found);
      }
      begin += length;
    }
  }

  const walker = document.createTreeWalker(article, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const paragraphs = [[]];
  const isInline = (element) => getComputedStyle(element).display.startsWith("inline") && element.tagName !== "BR";
  const blockOf = (element) => (element === article || !isInline(element) ? element : blockOf(element.parentElement));
  let block = null;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.ELEMENT_NODE) {
      if (!isInline(node)) block = null;
    } else if (node.parentElement.closest(SEARCHED) && !node.parentElement.closest("script, style, pre.cite, .pill, button")) {
      if (blockOf(node.parentElement) !== block) paragraphs.push([]);
      block = blockOf(node.parentElement);
      paragraphs.at(-1).push(node);
    }
  }
  if (texts.length) paragraphs.forEach(mark);
  const first = document.querySelector("mark.found");
  if (first && first.getBoundingClientRect().top > innerHeight) first.scrollIntoView({ block: "center" });
})();
