// The search page: what is asked stands in its address, what comes of it in the page.
"use strict";

(() => {
  function start() {
    const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
    const { address, elements, facets, keyboard, results, years } = search.page;
    const { section, box, byId, part, messages, fill, number } = elements;
    const count = byId("result-count");
    /** @type {HTMLSelectElement} */
    const sort = byId("sort");
    /** @type {Record<"since" | "until", HTMLInputElement>} */
    const dates = { since: byId("since"), until: byId("until") };
    const filters = /** @type {HTMLDetailsElement} */ (part(".filters"));
    const PER_PAGE = 10;

    // Without one of the scripts before this one nothing works: that is said, and the page is tried again as a whole.
    if (!search.words || !search.query || !search.excerpt || !search.open || !search.search) {
      part(".trouble").hidden = false;
      part(".trouble span").textContent = messages.failed ?? "";
      part(".retry").addEventListener("click", () => location.reload());
      return;
    }

    // The question, as the address has it; its filters once the index has told which there are.
    let question = address.read([]);
    let hasFilters = false;
    /**
     * What came of it.
     * @type {Answer | undefined}
     */
    let answer;
    // The newest request overtakes those that are still under way.
    let requestId = 0;
    // Whether the reader meant the question in the address, or is still typing it.
    let isCommitted = false;
    // Whether the reader turned to another page of the answer, to read on from its first hit.
    let isTurned = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let typingTimer;

    /**
     * Ask something else. What is being typed takes the place of what was typed before, never of a question that was meant:
     * to that "back" leads.
     * @type {Ask}
     */
    function ask(change, isFinal = true) {
      clearTimeout(typingTimer);
      question = { ...question, query: box.value.trim(), page: 1, ...change };
      const next = address.of(question);
      if (next !== location.pathname + location.search) {
        try {
          history[isFinal || isCommitted ? "pushState" : "replaceState"](null, "", next);
        } catch {
          // a browser that keeps addresses of files as they are: the answer comes all the same
        }
      }
      isCommitted = isFinal;
      run();
    }

    // Answer the question that the address asks.
    async function arrive() {
      clearTimeout(typingTimer);
      const id = (requestId += 1);
      question = address.read([]);
      box.value = question.query;
      try {
        const index = location.search ? await search.open() : null;
        if (id !== requestId) return;
        question = address.read(index ? index.head.facets : []);
        hasFilters = Boolean(index);
      } catch (error) {
        if (id !== requestId) return;
        prepare();
        fail(error, false);
        return;
      }
      isCommitted = address.isAsked(question);
      run();
    }

    async function run() {
      const id = (requestId += 1);
      const isStale = () => id !== requestId;
      let isDrawn = false;
      prepare();
      if (!address.isAsked(question)) {
        count.textContent = "";
        return;
      }
      const spinnerTimer = setTimeout(() => !isStale() && (count.textContent = messages.searching ?? ""), 300);
      try {
        // The chart shows the years outside the dates in use too: otherwise none of them could be chosen.
        const isDated = question.since || question.until;
        const undated = isDated ? search.search({ ...question, since: "", until: "", sort: "newest" }) : null;
        const [current, everyYear] = await Promise.all([search.search(question), undated]);
        if (isStale()) return;
        question.page = Math.min(question.page, Math.max(1, Math.ceil(current.total / PER_PAGE)));
        const from = (question.page - 1) * PER_PAGE;
        const hits = await current.hits(from, from + PER_PAGE);
        if (isStale()) return;
        clearTimeout(spinnerTimer);
        answer = current;
        draw(current, hits, (everyYear ?? current).years);
        isDrawn = true;
        const [counts, suggestion] = await Promise.all([facets.count(current, question), current.suggestion()]);
        if (isStale()) return;
        facets.draw(counts, question, ask);
        results.drawSuggestion(suggestion, question, (query) => {
          box.value = query;
          ask({ query });
        });
      } catch (error) {
        if (!isStale()) fail(error, isDrawn);
      } finally {
        clearTimeout(spinnerTimer);
      }
    }

    // What of the page does not wait for the answer.
    function prepare() {
      if (document.activeElement !== box || !question.query.startsWith(box.value.trim())) box.value = question.query;
      sort.value = question.sort;
      for (const name of /** @type {const} */ (["since", "until"])) {
        if (document.activeElement !== dates[name]) dates[name].value = question[name];
        dates[name].removeAttribute("aria-invalid");
      }
      part("#date-trouble").textContent = "";
      part(".trouble").hidden = true;
      const isAsked = address.isAsked(question);
      /** @type {HTMLElement} */ (document.querySelector(".empty-query")).hidden = isAsked;
      if (!isAsked) for (const selector of [".answer", ".chips", ".suggestion"]) part(selector).hidden = true;
    }

    /**
     * @param {Answer} current
     * @param {Hit[]} hits
     * @param {Map<string, number>} counts
     */
    function draw(current, hits, counts) {
      results.draw(current.total, hits, question);
      part(".export").hidden = !current.total;
      part(".progress").textContent = "";
      results.drawPages(current.total, PER_PAGE, question, (page) => {
        isTurned = true;
        ask({ page });
        count.scrollIntoView();
      });
      if (isTurned) results.focusFirst();
      isTurned = false;
      years.draw(counts, question, ask);
      facets.drawChips(question, ask);
    }

    /**
     * Say what went wrong. What was drawn for an older question goes; the hits of this one stay.
     * @param {unknown} error
     * @param {boolean} isDrawn
     */
    function fail(error, isDrawn) {
      if (!isDrawn) {
        results.clear();
        facets.clear();
        for (const selector of [".export", ".by-year"]) part(selector).hidden = true;
        facets.drawChips(question, ask);
      }
      if (error instanceof search.query.QueryError) {
        part("#date-trouble").textContent = fill(messages.baddate, { date: error.text });
        for (const field of Object.values(dates))
          if (field.value.trim().startsWith(error.text)) field.setAttribute("aria-invalid", "true");
        part(".answer").hidden = false;
        filters.open = true;
        return;
      }
      part(".answer").hidden = !isDrawn;
      part(".trouble").hidden = false;
      part(".trouble span").textContent = reason(error);
    }

    /** @param {unknown} error */
    function reason(error) {
      if (error instanceof search.LoadError) return `${messages.failed} (${error.file})`;
      return `${messages.broken} (${error instanceof Error ? error.message : error})`;
    }

    /**
     * Half a word of an input method is no question yet.
     * @param {Event} event
     */
    function type(event) {
      clearTimeout(typingTimer);
      if (event instanceof InputEvent && event.isComposing) return;
      typingTimer = setTimeout(() => box.value.trim() !== question.query.trim() && ask({}, false), 150);
    }

    box.addEventListener("input", type);
    box.addEventListener("compositionend", type);
    box.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      ask({});
    });
    sort.addEventListener("change", () => ask({ sort: sort.value }));
    for (const [name, field] of Object.entries(dates)) field.addEventListener("change", () => ask({ [name]: field.value.trim() }));
    part(".retry").addEventListener("click", () => {
      search.forget();
      if (hasFilters) run();
      else arrive();
    });

    part(".export").addEventListener("click", async ({ target }) => {
      const { kind, copy } = target instanceof HTMLElement ? target.dataset : {};
      const form = kind ?? copy;
      if (!form || !answer) return;
      const progress = part(".progress");
      try {
        if (!search.exportResults) await search.include("static/search/export.js");
        const isCopied = await search.exportResults(form, Boolean(copy), answer, (n, all) => {
          progress.textContent = fill(messages.gathering, { n: number.format(n), all: number.format(all) });
        });
        progress.textContent = isCopied ? (messages.copied ?? "") : "";
      } catch (error) {
        progress.textContent = reason(error);
      }
    });

    const wide = matchMedia("(min-width: 60rem)");
    const unfold = () => (filters.open = wide.matches);
    wide.addEventListener("change", unfold);
    unfold();
    keyboard.start();
    addEventListener("popstate", arrive);
    arrive();
    if (!question.query && !matchMedia("(pointer: coarse)").matches) box.focus();
  }

  // By then all scripts of the page are there, in whichever order they came.
  if (document.readyState === "complete") start();
  else addEventListener("DOMContentLoaded", start);
})();
