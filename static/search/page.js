// The search page: what is asked stands in its address, what comes of it in the page.
"use strict";

(() => {
  const { search } = window.morgue;
  const section = document.getElementById("search");
  const words = section.dataset;
  const box = document.getElementById("find");
  const count = document.getElementById("result-count");
  const list = document.getElementById("results");
  const sort = document.getElementById("sort");
  const dates = { since: document.getElementById("since"), until: document.getElementById("until") };
  const part = (selector) => section.querySelector(selector);
  const FACETS = ["agency", "source", "section", "type", "tag", "byline", "language"];
  const PER_PAGE = 10;
  const FIRST_VALUES = 10;
  const MOST_SAID = 80;
  const MOST_NAMES = 4;
  const MOST_YEARS = 150;

  // "en" alone would be American here; every other page of the site writes 16 March 2007.
  const written = document.documentElement.lang || undefined;
  const interfaceLanguage = written === "en" ? "en-GB" : written;
  const number = new Intl.NumberFormat(interfaceLanguage);
  const day = new Intl.DateTimeFormat(interfaceLanguage, { dateStyle: "long", timeZone: "UTC" });
  const languages = new Intl.DisplayNames(interfaceLanguage, { type: "language" });
  const types = new Map([...part("#type-names").children].map((item) => [item.dataset.slug, item.textContent]));

  // Without one of the scripts before this one nothing works: that is said, and the page is tried again as a whole.
  if (![search?.words, search?.query, search?.excerpt, search?.open, search?.ask].every(Boolean)) {
    part(".trouble").hidden = false;
    part(".trouble span").textContent = words.failed;
    part(".retry").addEventListener("click", () => location.reload());
    return;
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const stories = (total) => fill(total === 1 ? words.one : words.many, { n: number.format(total) });

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  }

  // The question, as the address has it.
  let asked;
  // The newest question overtakes those that are still under way.
  let turn = 0;
  // Whether the reader meant the question in the address, or is still typing it.
  let isSettled;
  // Whether the reader turned to another page of the answer, to read on from its first hit.
  let isTurned = false;
  let typing;

  function read() {
    const given = new URLSearchParams(location.search);
    const order = given.get("sort");
    return {
      query: given.get("q") ?? "",
      filters: Object.fromEntries(
        FACETS.map((facet) => [facet, [...new Set(given.getAll(facet).map(search.query.slugify).filter(Boolean))]]),
      ),
      since: given.get("since") ?? "",
      until: given.get("until") ?? "",
      sort: ["newest", "oldest"].includes(order) ? order : "relevance",
      page: Math.max(1, Math.trunc(Number(given.get("page"))) || 1),
    };
  }

  function addressOf({ query, filters, since, until, sort: order, page }) {
    const given = new URLSearchParams();
    if (query) given.set("q", query);
    for (const facet of FACETS) for (const value of filters[facet]) given.append(facet, value);
    if (since) given.set("since", since);
    if (until) given.set("until", until);
    if (order !== "relevance") given.set("sort", order);
    if (page > 1) given.set("page", page);
    return `${location.pathname}${String(given) && `?${given}`}`;
  }

  // Ask something else. What is being typed takes the place of what was typed before, never of a question that was meant:
  // to that "back" leads.
  function ask(change, isMeant = true) {
    clearTimeout(typing);
    asked = { ...asked, query: box.value.trim(), page: 1, ...change };
    const address = addressOf(asked);
    if (address !== location.pathname + location.search) {
      try {
        history[isMeant || isSettled ? "pushState" : "replaceState"](null, "", address);
      } catch {
        // a browser that keeps addresses of files as they are: the answer comes all the same
      }
    }
    isSettled = isMeant;
    return answer();
  }

  const isAsked = () => asked.query.trim() || asked.since || asked.until || FACETS.some((facet) => asked.filters[facet].length);

  async function answer() {
    const mine = (turn += 1);
    const isOld = () => mine !== turn;
    let isDrawn = false;
    show();
    if (!isAsked()) {
      count.textContent = "";
      return;
    }
    const patience = setTimeout(() => !isOld() && (count.textContent = words.searching), 300);
    try {
      // The chart shows the years outside the dates in use too: otherwise none of them could be chosen.
      const isDated = asked.since || asked.until;
      const [found, everYear] = await Promise.all([
        search.ask(asked),
        isDated ? search.ask({ ...asked, since: "", until: "", sort: "newest" }) : null,
      ]);
      if (isOld()) return;
      asked.page = Math.min(asked.page, Math.max(1, Math.ceil(found.total / PER_PAGE)));
      const from = (asked.page - 1) * PER_PAGE;
      const hits = await found.hits(from, from + PER_PAGE);
      if (isOld()) return;
      clearTimeout(patience);
      draw(found, hits, (everYear ?? found).years);
      isDrawn = true;
      const [facets, maybe] = await Promise.all([facetsOf(found), found.suggestion()]);
      if (isOld()) return;
      drawFacets(facets);
      drawSuggestion(maybe);
    } catch (error) {
      if (isOld()) return;
      fail(error, isDrawn);
    } finally {
      clearTimeout(patience);
    }
  }

  // Several tags narrow an answer, several values of another facet widen it: beside a chosen value stands what each other one
  // would add, so those are counted without the choice.
  async function facetsOf(found) {
    const { filters } = asked;
    const widening = FACETS.filter((facet) => facet !== "tag" && filters[facet].length);
    const [facets, ...others] = await Promise.all(
      [found, ...widening.map((facet) => search.ask({ ...asked, filters: { ...filters, [facet]: [] }, sort: "newest" }))].map(
        async (one) => (await one).facets(),
      ),
    );
    return Object.assign(facets, ...widening.map((facet, at) => ({ [facet]: others[at][facet] })));
  }

  // What of the page does not wait for the answer.
  function show() {
    if (document.activeElement !== box || !asked.query.startsWith(box.value.trim())) box.value = asked.query;
    sort.value = asked.sort;
    for (const [name, field] of Object.entries(dates)) if (document.activeElement !== field) field.value = asked[name];
    part("#date-trouble").textContent = "";
    for (const field of Object.values(dates)) field.removeAttribute("aria-invalid");
    part(".trouble").hidden = true;
    document.querySelector(".unasked").hidden = Boolean(isAsked());
    if (!isAsked()) for (const each of [part(".answer"), part(".chips"), part(".maybe")]) each.hidden = true;
  }

  // Say what went wrong. What was drawn for an older question goes; the hits of this one stay.
  function fail(error, isDrawn) {
    if (!isDrawn) {
      count.textContent = "";
      list.replaceChildren();
      for (const each of [".pages", ".take-away", ".nothing", ".maybe", ".by-year"]) part(each).hidden = true;
      for (const fieldset of section.querySelectorAll("[data-facet]")) fieldset.hidden = true;
      drawChips();
    }
    if (error instanceof search.query.QueryError) {
      part("#date-trouble").textContent = fill(words.baddate, { date: error.text });
      for (const field of Object.values(dates))
        if (field.value.trim().startsWith(error.text)) field.setAttribute("aria-invalid", "true");
      part(".answer").hidden = false;
      part(".filters").open = true;
      return;
    }
    part(".answer").hidden = !isDrawn;
    part(".trouble").hidden = false;
    part(".trouble span").textContent = reason(error);
  }

  const reason = (error) =>
    error instanceof search.LoadError ? `${words.failed} (${error.file})` : `${words.broken} (${error.message})`;

  function draw(found, hits, years) {
    const query = asked.query.trim();
    count.replaceChildren(
      ...(query
        ? around(fill(words.for, { stories: stories(found.total), query: "{query}" }), element("bdi", {}, short(query)))
        : [stories(found.total)]),
    );
    part(".answer").hidden = false;
    list.replaceChildren(...hits.map(hit));
    part(".nothing").hidden = found.total > 0;
    part(".take-away").hidden = !found.total;
    part(".take-away").found = found;
    part(".progress").textContent = "";
    drawPages(found.total);
    if (isTurned) list.querySelector(".story-title a")?.focus({ preventScroll: true });
    isTurned = false;
    drawYears(years);
    drawChips();
  }

  // A text with something in the place of its {query}.
  function around(text, child) {
    const [before, after] = text.split("{query}");
    return [before, child, after];
  }

  // Enough of a question to know it by: the whole of it stands in the box.
  function short(query) {
    const letters = [...query];
    return letters.length > MOST_SAID ? `${letters.slice(0, MOST_SAID - 1).join("")}…` : query;
  }

  function hit(story) {
    const lang = story.language || undefined;
    const find = asked.query.trim() ? `#find=${encodeURIComponent(asked.query.trim())}` : "";
    const { title, agency, names } = story.shown;
    const link = element("a", { href: window.morgue.root + story.url + find, lang, dir: "auto" }, ...marked(title));
    const when = story.date
      ? element("time", { datetime: story.date }, day.format(new Date(`${story.date.slice(0, 10)}T00:00Z`)))
      : words.undated;
    const meta = element("p", { class: "meta" });
    for (const name of agency.length ? agency : [{ text: story.source, marks: [] }])
      if (name.text) meta.append(element("span", { class: "from" }, ...marked(name)));
    if (agency.length && !story.agency.includes(story.source) && story.source) meta.append(element("span", {}, story.source));
    const slug = search.query.slugify(story.type);
    if (slug && slug !== "news") meta.append(element("span", { class: "pill kind" }, types.get(slug) ?? story.type));
    // What is neither in the text nor in the headline was found here.
    for (const name of names.filter(({ marks }) => marks.length).slice(0, MOST_NAMES))
      meta.append(element("span", {}, ...marked(name)));
    return element(
      "li",
      { class: "story dated" },
      element("p", { class: "when" }, when),
      element(
        "div",
        { class: "what" },
        element("h2", { class: "story-title" }, link),
        element("p", { class: "excerpt", lang, dir: "auto" }, ...marked(story.excerpt)),
        meta,
      ),
    );
  }

  function marked({ text, marks }) {
    const pieces = [];
    let at = 0;
    for (const [start, end] of marks) {
      pieces.push(text.slice(at, start), element("mark", {}, text.slice(start, end)));
      at = end;
    }
    return [...pieces, text.slice(at)];
  }

  // What takes the place of the focused thing gets the focus: its like, or the first of its kind, or the text.
  function redraw(container, children) {
    const focused = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    container.replaceChildren(...children);
    if (focused === undefined) return;
    const likes = [...container.querySelectorAll("[data-key]")];
    (likes.find((each) => each.dataset.key === focused) ?? likes[0] ?? document.getElementById("main")).focus({
      preventScroll: true,
    });
  }

  function drawPages(total) {
    const pages = Math.ceil(total / PER_PAGE);
    const shown = [...new Set([1, asked.page - 2, asked.page - 1, asked.page, asked.page + 1, asked.page + 2, pages])].filter(
      (page) => page >= 1 && page <= pages,
    );
    const links = shown.flatMap((page, at) => {
      const attributes = {
        href: addressOf({ ...asked, page }),
        "aria-label": fill(words.page, { n: page }),
        "aria-current": page === asked.page && "page",
        "data-key": page,
      };
      const link = element("a", attributes, number.format(page));
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        isTurned = true;
        ask({ page });
        count.scrollIntoView();
      });
      return at && page > shown[at - 1] + 1 ? [element("span", { "aria-hidden": "true" }, "…"), link] : [link];
    });
    part(".pages").hidden = pages < 2;
    redraw(part(".pages"), links);
  }

  // A bar for each year is a button; with Shift it reaches from what is chosen to here.
  function drawYears(years) {
    const labels = [...years.keys()].filter(Boolean);
    const figure = part(".by-year");
    figure.hidden = labels.length < (asked.since || asked.until ? 1 : 2);
    const first = Number(labels[0]);
    const last = Number(labels.at(-1));
    const peak = Math.max(...years.values());
    const bars = [];
    // Years without a story are there as gaps, unless one date far from all others would make a thousand of them.
    const span =
      last - first < MOST_YEARS
        ? Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => String(first + at).padStart(4, "0"))
        : labels;
    for (const label of span) {
      const size = years.get(label) ?? 0;
      const isChosen =
        (asked.since || asked.until) && label >= asked.since.slice(0, 4) && (!asked.until || label <= asked.until.slice(0, 4));
      const bar = element("span", { class: "bar" });
      bar.style.height = `${size ? Math.max(2, (size * 100) / peak) : 0}%`;
      const button = element(
        "button",
        {
          type: "button",
          "aria-pressed": String(Boolean(isChosen)),
          "aria-label": `${label}: ${stories(size)}`,
          title: `${label}: ${stories(size)}`,
          disabled: !size,
          "data-key": label,
        },
        element("span", { class: "column" }, bar),
        element("span", { class: "tick" }, label),
      );
      button.addEventListener("click", (event) => {
        if (event.shiftKey && asked.since) {
          const ends = [label, asked.since.slice(0, 4), asked.until.slice(0, 4)].filter(Boolean).sort();
          ask({ since: ends[0], until: ends.at(-1) });
        } else if (asked.since === label && asked.until === label) ask({ since: "", until: "" });
        else ask({ since: label, until: label });
      });
      bars.push(element("li", { class: Number(label) % 5 !== 0 && span.length > 10 && "minor" }, button));
    }
    const row = figure.querySelector("ol");
    row.classList.toggle("many", span.length > 24);
    redraw(row, bars);
    const chosen = row.querySelector('[aria-pressed="true"]');
    if (chosen) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  }

  function nameOf(facet, { slug, name }) {
    if (facet === "type") return types.get(slug) ?? name;
    if (facet !== "language") return name;
    try {
      return languages.of(name) ?? name;
    } catch {
      return name;
    }
  }

  const known = new Map();
  const named = (facet, slug) => known.get(`${facet}:${slug}`) ?? nameOf(facet, { slug, name: slug });

  function drawFacets(facets) {
    for (const facet of FACETS) for (const value of facets[facet] ?? []) known.set(`${facet}:${value.slug}`, nameOf(facet, value));
    for (const fieldset of section.querySelectorAll("[data-facet]")) {
      const { facet } = fieldset.dataset;
      const chosen = asked.filters[facet];
      const values = (facets[facet] ?? []).filter(({ slug, isRange }) => !isRange || chosen.includes(slug));
      const missing = chosen.filter((slug) => !values.some((value) => value.slug === slug)).map((slug) => ({ slug, count: 0 }));
      const rows = [...values, ...missing].map((value, at) => {
        const input = element("input", { type: "checkbox", "data-key": value.slug });
        input.checked = chosen.includes(value.slug);
        input.addEventListener("change", () => {
          ask({
            filters: {
              ...asked.filters,
              [facet]: input.checked ? [...chosen, value.slug] : chosen.filter((slug) => slug !== value.slug),
            },
          });
        });
        return element(
          "li",
          { hidden: at >= FIRST_VALUES && !input.checked },
          element(
            "label",
            {},
            input,
            " ",
            named(facet, value.slug),
            " ",
            element("span", { class: "count" }, number.format(value.count)),
          ),
        );
      });
      redraw(fieldset.querySelector("ul"), rows);
      const more = fieldset.querySelector(".all");
      more.hidden = !rows.some((row) => row.hidden);
      more.onclick = () => {
        for (const row of rows) row.hidden = false;
        more.hidden = true;
      };
      fieldset.hidden = rows.length < 2 && !chosen.length;
    }
    drawChips();
  }

  // What narrows the answer, each to be taken away.
  function drawChips() {
    const chips = FACETS.flatMap((facet) =>
      asked.filters[facet].map((slug) => [
        named(facet, slug),
        { filters: { ...asked.filters, [facet]: asked.filters[facet].filter((other) => other !== slug) } },
      ]),
    );
    if (asked.since) chips.push([fill(words.since, { date: asked.since }), { since: "" }]);
    if (asked.until) chips.push([fill(words.until, { date: asked.until }), { until: "" }]);
    part(".chips").hidden = !chips.length;
    redraw(
      part(".chips"),
      chips.map(([name, change]) => {
        const button = element(
          "button",
          { type: "button", class: "quiet", "aria-label": fill(words.remove, { name }), "data-key": name },
          name,
          element("span", { "aria-hidden": "true" }, " ×"),
        );
        button.addEventListener("click", () => ask(change));
        return element("li", {}, button);
      }),
    );
  }

  function drawSuggestion(query) {
    const line = part(".maybe");
    line.hidden = !query;
    if (!query) return;
    const link = element("a", { href: addressOf({ ...asked, query, page: 1 }), dir: "auto" }, short(query));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      box.value = query;
      ask({ query });
    });
    line.replaceChildren(...around(words.maybe, link));
  }

  // Half a word of an input method is no question yet.
  function type(event) {
    clearTimeout(typing);
    if (!event.isComposing) typing = setTimeout(() => box.value.trim() !== asked.query.trim() && ask({}, false), 150);
  }
  box.addEventListener("input", type);
  box.addEventListener("compositionend", type);
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask({});
  });
  sort.addEventListener("change", () => ask({ sort: sort.value }));
  for (const [name, field] of Object.entries(dates)) field.addEventListener("change", () => ask({ [name]: field.value.trim() }));
  part(".retry").addEventListener("click", () => {
    search.forget();
    answer();
  });

  // Arrows lead from the box through the hits; Enter opens one, as it does any link; Escape leads back.
  section.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll(".story-title a")];
    const at = links.indexOf(document.activeElement);
    if (event.isComposing) return; // the arrows choose among its words
    if (event.key === "Escape" && at >= 0) box.focus();
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (at >= 0 || document.activeElement === box)) {
      const next = event.key === "ArrowDown" ? links[at + 1] : at > 0 ? links[at - 1] : box;
      if (!next) return;
      event.preventDefault();
      next.focus();
    }
  });

  part(".take-away").addEventListener("click", async (event) => {
    const { kind, copy } = event.target.dataset;
    if (!kind && !copy) return;
    const progress = part(".progress");
    try {
      if (!search.take) await search.include("static/search/export.js");
      const isCopied = await search.take(
        kind ?? copy,
        Boolean(copy),
        part(".take-away").found,
        (n, all) => (progress.textContent = fill(words.gathering, { n: number.format(n), all: number.format(all) })),
      );
      progress.textContent = isCopied ? words.copied : "";
    } catch (error) {
      progress.textContent = reason(error);
    }
  });

  const wide = matchMedia("(min-width: 60rem)");
  const unfold = () => (part(".filters").open = wide.matches);
  wide.addEventListener("change", unfold);
  unfold();
  function arrive() {
    clearTimeout(typing);
    asked = read();
    isSettled = Boolean(isAsked());
    box.value = asked.query;
    answer();
  }

  addEventListener("popstate", arrive);
  arrive();
  if (!asked.query && !matchMedia("(pointer: coarse)").matches) box.focus();
})();
