// The chart of the search page: a bar for each year is a button that narrows the answer to it.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const page = (search.page ??= /** @type {SearchPage} */ ({}));
  const MAX_YEARS = 150;

  /**
   * Years without a story are there as gaps, unless one date far from all others would make a thousand of them.
   * @param {string[]} labels
   */
  function withGaps(labels) {
    const first = Number(labels[0]);
    const size = Number(labels[labels.length - 1]) - first + 1;
    if (size > MAX_YEARS) return labels;
    return Array.from({ length: Math.max(0, size || 0) }, (_, at) => String(first + at).padStart(4, "0"));
  }

  page.years = {
    // With Shift, a year reaches from what is chosen to here.
    draw(years, { since, until }, ask) {
      const { element, part, redraw, storyCount } = page.elements;
      const labels = withGaps([...years.keys()].filter(Boolean));
      const figure = part(".by-year");
      figure.hidden = [...years.keys()].filter(Boolean).length < (since || until ? 1 : 2);
      const peak = Math.max(...years.values());
      const bars = labels.map((label) => {
        const size = years.get(label) ?? 0;
        const isChosen = Boolean((since || until) && label >= since.slice(0, 4) && (!until || label <= until.slice(0, 4)));
        const title = `${label}: ${storyCount(size)}`;
        const bar = element("span", { class: "bar" });
        bar.style.height = `${size ? Math.max(2, (size * 100) / peak) : 0}%`;
        const button = element(
          "button",
          { type: "button", "aria-pressed": String(isChosen), "aria-label": title, title, disabled: !size, "data-key": label },
          element("span", { class: "column" }, bar),
          element("span", { class: "tick" }, label),
        );
        button.addEventListener("click", (event) => {
          if (event.shiftKey && since) {
            const ends = [label, since.slice(0, 4), until.slice(0, 4)].filter(Boolean).sort();
            ask({ since: ends[0], until: ends[ends.length - 1] });
          } else if (since === label && until === label) ask({ since: "", until: "" });
          else ask({ since: label, until: label });
        });
        return element("li", { class: Number(label) % 5 !== 0 && labels.length > 10 && "minor" }, button);
      });
      const row = part(".by-year ol");
      row.classList.toggle("many", labels.length > 24);
      redraw(row, bars);
      /** @type {HTMLElement | null} */
      const selection = row.querySelector('[aria-pressed="true"]');
      if (selection) row.scrollLeft = selection.offsetLeft - row.offsetLeft - (row.clientWidth - selection.offsetWidth) / 2;
    },
  };
})();
