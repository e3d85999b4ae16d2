// The filters of the search page: values of each facet to choose from, and the chosen ones to take away again.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const page = (search.page ??= /** @type {SearchPage} */ ({}));
  const VALUES_SHOWN = 10;

  const fieldsets = () => /** @type {NodeListOf<HTMLElement>} */ (page.elements.section.querySelectorAll("[data-facet]"));

  /** @type {(facet: string, value: { slug: string, name: string }) => string} */
  function displayName(facet, { slug, name }) {
    if (facet === "type") return page.elements.typeName(slug, name);
    return facet === "language" ? page.elements.languageName(name) : name;
  }

  /**
   * The names of slugs that any answer had.
   * @type {Map<string, string>}
   */
  const names = new Map();
  /** @type {(facet: string, slug: string) => string} */
  const nameOf = (facet, slug) => names.get(`${facet}:${slug}`) ?? displayName(facet, { slug, name: slug });

  /** @type {(facet: string, values: FacetValue[], question: Question, ask: Ask) => void} */
  function drawFacet(facet, values, { filters }, ask) {
    const { element, number, redraw } = page.elements;
    const fieldset = /** @type {HTMLElement} */ (page.elements.section.querySelector(`[data-facet="${facet}"]`));
    const selection = filters[facet] ?? [];
    const options = values.filter(({ slug, isRange }) => !isRange || selection.includes(slug));
    const missing = selection.filter((slug) => !options.some((value) => value.slug === slug)).map((slug) => ({ slug, count: 0 }));
    const rows = [...options, ...missing].map(({ slug, count }, at) => {
      const input = /** @type {HTMLInputElement} */ (element("input", { type: "checkbox", "data-key": slug }));
      input.checked = selection.includes(slug);
      input.addEventListener("change", () => {
        const slugs = input.checked ? [...selection, slug] : selection.filter((other) => other !== slug);
        ask({ filters: { ...filters, [facet]: slugs } });
      });
      const size = element("span", { class: "count" }, number.format(count));
      const label = element("label", {}, input, " ", nameOf(facet, slug), " ", size);
      return element("li", { hidden: at >= VALUES_SHOWN && !input.checked }, label);
    });
    redraw(/** @type {HTMLElement} */ (fieldset.querySelector("ul")), rows);
    const more = /** @type {HTMLElement} */ (fieldset.querySelector(".all"));
    more.hidden = !rows.some((row) => row.hidden);
    more.onclick = () => {
      for (const row of rows) row.hidden = false;
      more.hidden = true;
    };
    fieldset.hidden = rows.length < 2 && !selection.length;
  }

  page.facets = {
    // Several tags narrow an answer, several values of another facet widen it: beside a chosen value stands what each other one
    // would add, so those are counted without the choice.
    async count(answer, question) {
      const { filters } = question;
      const widening = Object.keys(filters).filter((facet) => facet !== "tag" && filters[facet].length);
      const others = widening.map(async (facet) => {
        const wider = await search.search({ ...question, filters: { ...filters, [facet]: [] }, sort: "newest" });
        return [facet, (await wider.facets())[facet]];
      });
      const [facets, ...wider] = await Promise.all([answer.facets(), ...others]);
      return { ...facets, ...Object.fromEntries(/** @type {[string, FacetValue[]][]} */ (wider)) };
    },

    draw(facets, question, ask) {
      for (const [facet, values] of Object.entries(facets)) {
        for (const value of values) names.set(`${facet}:${value.slug}`, displayName(facet, value));
      }
      for (const { dataset } of fieldsets()) {
        const facet = dataset.facet ?? "";
        drawFacet(facet, facets[facet] ?? [], question, ask);
      }
      page.facets.drawChips(question, ask);
    },

    clear() {
      for (const fieldset of fieldsets()) fieldset.hidden = true;
    },

    // What narrows the answer, each to be taken away.
    drawChips({ filters, since, until }, ask) {
      const { element, fill, messages, part, redraw } = page.elements;
      /** @type {[name: string, change: Partial<Question>][]} */
      const chips = [];
      for (const [facet, slugs] of Object.entries(filters)) {
        for (const slug of slugs) {
          chips.push([nameOf(facet, slug), { filters: { ...filters, [facet]: slugs.filter((other) => other !== slug) } }]);
        }
      }
      if (since) chips.push([fill(messages.since, { date: since }), { since: "" }]);
      if (until) chips.push([fill(messages.until, { date: until }), { until: "" }]);
      part(".chips").hidden = !chips.length;
      const items = chips.map(([name, change]) => {
        const attributes = { type: "button", class: "quiet", "aria-label": fill(messages.remove, { name }), "data-key": name };
        const button = element("button", attributes, name, element("span", { "aria-hidden": "true" }, " ×"));
        button.addEventListener("click", () => ask(change));
        return element("li", {}, button);
      });
      redraw(part(".chips"), items);
    },
  };
})();
