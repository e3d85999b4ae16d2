// On the page of a story that was found: the words that were asked for, marked. Loaded for addresses that end in #find=… alone.
"use strict";

(() => {
  const { search } = window.morgue;
  const article = document.querySelector(".story-text") ?? document.querySelector("main");
  const asked = decoded(location.hash.slice("#find=".length));
  const texts = [...search.query.texts(search.query.parse(asked))];
  const begins = (part, token) => (part.kind === "term" ? token === part.text : token.startsWith(part.text) || token === search.words.termOf(part.text));

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
      for (let at = 0; at + offsets.at(-1) < tokens.length; at += 1) {
        const isThere = parts.every((part, number) => {
          const token = tokens[at + offsets[number]];
          const isWord = part.kind === "prefix" && search.words.fold(text.slice(token.start, token.end)).startsWith(part.text);
          return isWord || begins(part, token.term);
        });
        if (isThere) ranges.push([tokens[at].start, tokens[at + offsets.at(-1)].end]);
      }
    }
    return ranges.sort((one, other) => one[0] - other[0]);
  }

  function mark(node) {
    let rest = node;
    let cut = 0;
    for (const [start, end] of hits(node.data)) {
      if (start < cut) continue;
      const found = rest.splitText(start - cut);
      rest = found.splitText(end - start);
      cut = end;
      const made = document.createElement("mark");
      made.className = "found";
      found.replaceWith(made);
      made.append(found);
    }
  }

  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("script, style, pre.cite, .record, button")) nodes.push(walker.currentNode);
  if (texts.length) nodes.forEach(mark);
  const first = document.querySelector("mark.found");
  if (first && first.getBoundingClientRect().top > innerHeight) first.scrollIntoView({ block: "center" });
})();
