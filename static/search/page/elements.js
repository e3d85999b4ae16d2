// The search page's elements: found, made and filled with what the interface says, in its language.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const page = (search.page ??= /** @type {SearchPage} */ ({}));
  const MAX_QUERY_SHOWN = 80;
  const section = /** @type {HTMLElement} */ (document.getElementById("search"));
  const messages = section.dataset;

  const { locale } = window.morgue;
  const number = new Intl.NumberFormat(locale);
  const days = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  const SPANS = new Map([
    [4, new Intl.DateTimeFormat(locale, { year: "numeric", timeZone: "UTC" })],
    [7, new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" })],
  ]);
  const languages = new Intl.DisplayNames(locale, { type: "language" });

  const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (section.querySelector(selector));
  const typeItems = /** @type {HTMLElement[]} */ ([...part("#type-names").children]);
  const types = new Map(typeItems.map((item) => [item.dataset.slug, item.textContent]));

  /** @type {SearchPage["elements"]["element"]} */
  function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : String(value));
    }
    node.append(...children);
    return node;
  }

  /** @type {SearchPage["elements"]["fill"]} */
  const fill = (text = "", values) => text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));

  page.elements = {
    section,
    messages,
    number,
    part,
    element,
    fill,
    byId: (id) => /** @type {any} */ (document.getElementById(id)),
    box: /** @type {HTMLInputElement} */ (document.getElementById("find")),

    // A text with something in the place of its {query}.
    around(text, child) {
      const [before, after] = text.split("{query}");
      return [before, child, after];
    },

    // Enough of a question to know it by: the whole of it stands in the box.
    shorten(query) {
      const letters = [...query];
      return letters.length > MAX_QUERY_SHOWN ? `${letters.slice(0, MAX_QUERY_SHOWN - 1).join("")}…` : query;
    },

    withMarks({ text, marks }) {
      const pieces = [];
      let at = 0;
      for (const [start, end] of marks) {
        pieces.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
        at = end;
      }
      return [...pieces, text.slice(at)];
    },

    // What takes the place of the focused thing gets the focus: its like, or the first of its kind, or the text.
    redraw(container, children) {
      const { activeElement } = document;
      const key = activeElement instanceof HTMLElement && container.contains(activeElement) ? activeElement.dataset.key : undefined;
      container.replaceChildren(...children);
      if (key === undefined) return;
      const likes = /** @type {HTMLElement[]} */ ([...container.querySelectorAll("[data-key]")]);
      const next = likes.find((each) => each.dataset.key === key) ?? likes[0] ?? document.getElementById("main");
      next?.focus({ preventScroll: true });
    },

    storyCount: (total) => fill(total === 1 ? messages.one : messages.many, { n: number.format(total) }),
    day: (date) => (SPANS.get(date.length) ?? days).format(new Date(date.slice(0, 10))), // 1998 and 1998-03 are dates too
    typeName: (slug, name) => types.get(slug) ?? name,
    languageName(tag) {
      try {
        return languages.of(tag) ?? tag;
      } catch {
        return tag;
      }
    },
  };
})();
