// The keys of the search page: arrows lead from the box through the hits; Enter opens one, as it does any link; Escape leads back.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const page = (search.page ??= /** @type {SearchPage} */ ({}));

  page.keyboard = {
    start() {
      const { section, box } = page.elements;
      section.addEventListener("keydown", (event) => {
        if (event.isComposing) return; // the arrows choose among its words
        const links = /** @type {HTMLElement[]} */ ([...section.querySelectorAll("#results .story-title a")]);
        const at = links.findIndex((link) => link === document.activeElement);
        if (event.key === "Escape" && at >= 0) box.focus();
        else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (at >= 0 || document.activeElement === box)) {
          const next = event.key === "ArrowDown" ? links[at + 1] : at > 0 ? links[at - 1] : box;
          if (!next) return;
          event.preventDefault();
          next.focus();
        }
      });
    },
  };
})();
