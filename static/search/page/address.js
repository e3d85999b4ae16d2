// The address of the search page: it holds the whole question.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const page = (search.page ??= /** @type {SearchPage} */ ({}));

  page.address = {
    // What the address asks for; other parameters than these and `facets` are not ours.
    read(facets) {
      const parameters = new URLSearchParams(location.search);
      const sort = parameters.get("sort") ?? "";
      const slugs = (/** @type {string} */ facet) => [
        ...new Set(parameters.getAll(facet).map(search.query.slugify).filter(Boolean)),
      ];
      return {
        query: parameters.get("q") ?? "",
        filters: Object.fromEntries(facets.map((facet) => [facet, slugs(facet)])),
        since: parameters.get("since") ?? "",
        until: parameters.get("until") ?? "",
        sort: ["newest", "oldest"].includes(sort) ? sort : "relevance",
        page: Math.max(1, Math.trunc(Number(parameters.get("page"))) || 1),
      };
    },

    of({ query, filters, since, until, sort, page }) {
      const parameters = new URLSearchParams();
      if (query) parameters.set("q", query);
      for (const [facet, slugs] of Object.entries(filters)) for (const slug of slugs) parameters.append(facet, slug);
      if (since) parameters.set("since", since);
      if (until) parameters.set("until", until);
      if (sort !== "relevance") parameters.set("sort", sort);
      if (page > 1) parameters.set("page", String(page));
      return `${location.pathname}${String(parameters) && `?${parameters}`}`;
    },

    isAsked({ query, filters, since, until }) {
      return Boolean(query.trim() || since || until || Object.values(filters).some((slugs) => slugs.length));
    },
  };
})();
