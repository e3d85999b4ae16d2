// The hits of the search page: how many, a list of ten, the way to the others, and a better spelling.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const page = (search.page ??= /** @type {SearchPage} */ ({}));
  const MAX_NAMES = 4;

  /**
   * @param {Hit} story
   * @param {string} query
   */
  function hit(story, query) {
    const { element, withMarks, messages, day, typeName } = page.elements;
    const lang = story.language || undefined;
    const hash = query ? `#find=${encodeURIComponent(query)}` : "";
    const { title, agency, names } = story.shown;
    const href = (document.body.dataset.root ?? "") + story.url + hash;
    const link = element("a", { href, lang, dir: "auto" }, ...withMarks(title));
    // Pages of the site's own have no date, and want none.
    const undated = story.url.startsWith("undated/") ? (messages.undated ?? "") : "";
    const when = story.date ? element("time", { datetime: story.date }, day(story.date)) : undated;
    const meta = element("p", { class: "meta" });
    for (const name of agency.length ? agency : [{ text: story.source, marks: [] }]) {
      if (name.text) meta.append(element("span", { class: "from" }, ...withMarks(name)));
    }
    if (agency.length && !story.agency.includes(story.source) && story.source) meta.append(element("span", {}, story.source));
    const type = search.query.slugify(story.type);
    if (type && type !== "news") meta.append(element("span", { class: "pill kind" }, typeName(type, story.type)));
    // What is neither in the text nor in the headline was found here.
    for (const name of names.filter(({ marks }) => marks.length).slice(0, MAX_NAMES)) {
      meta.append(element("span", {}, ...withMarks(name)));
    }
    return element(
      "li",
      { class: "story dated" },
      element("p", { class: "when" }, when),
      element(
        "div",
        { class: "what" },
        element("h2", { class: "story-title" }, link),
        element("p", { class: "excerpt", lang, dir: "auto" }, ...withMarks(story.excerpt)),
        meta,
      ),
    );
  }

  page.results = {
    draw(total, hits, question) {
      const { around, byId, element, fill, messages, part, shorten, storyCount } = page.elements;
      const query = question.query.trim();
      const text = fill(messages.for, { stories: storyCount(total), query: "{query}" });
      byId("result-count").replaceChildren(...(query ? around(text, element("bdi", {}, shorten(query))) : [storyCount(total)]));
      part(".answer").hidden = false;
      byId("results").replaceChildren(...hits.map((story) => hit(story, query)));
      part(".nothing").hidden = total > 0;
    },

    clear() {
      const { byId, part } = page.elements;
      byId("result-count").textContent = "";
      byId("results").replaceChildren();
      for (const selector of [".pages", ".nothing", ".suggestion"]) part(selector).hidden = true;
    },

    focusFirst() {
      /** @type {HTMLElement | null} */
      const link = document.querySelector("#results .story-title a");
      link?.focus({ preventScroll: true });
    },

    drawPages(total, perPage, question, turn) {
      const { element, fill, messages, number, part, redraw } = page.elements;
      const last = Math.ceil(total / perPage);
      const near = [-2, -1, 0, 1, 2].map((step) => question.page + step);
      const numbers = [...new Set([1, ...near, last])].filter((page) => page >= 1 && page <= last);
      const links = numbers.flatMap((to, at) => {
        const attributes = {
          href: page.address.of({ ...question, page: to }),
          "aria-label": fill(messages.page, { n: to }),
          "aria-current": to === question.page && "page",
          "data-key": to,
        };
        const link = element("a", attributes, number.format(to));
        link.addEventListener("click", (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          turn(to);
        });
        return at && to > numbers[at - 1] + 1 ? [element("span", { "aria-hidden": "true" }, "…"), link] : [link];
      });
      part(".pages").hidden = last < 2;
      redraw(part(".pages"), links);
    },

    drawSuggestion(query, question, choose) {
      const { around, element, messages, part, shorten } = page.elements;
      const line = part(".suggestion");
      line.hidden = !query;
      if (!query) return;
      const link = element("a", { href: page.address.of({ ...question, query, page: 1 }), dir: "auto" }, shorten(query));
      link.addEventListener("click", (event) => {
        event.preventDefault();
        choose(query);
      });
      line.replaceChildren(...around(messages.suggestion ?? "", link));
    },
  };
})();
