// The address of the search page: it holds the whole question.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const page = (search.page ??= /** @type {SearchPage} */ ({}));

  page.address = {
    // What the address asks for; other parameters than these and `facets` are not ours.
    read(facets) {
      const given = new URLSearchParams(location.search);
      const sort = given.get("sort") ?? "";
      const slugs = (/** @type {string} */ facet) => [...new Set(given.getAll(facet).map(search.query.slugify).filter(Boolean))];
      return {
        query: given.get("q") ?? "",
        filters: Object.fromEntries(facets.map((facet) => [facet, slugs(facet)])),
        since: given.get("since") ?? "",
        until: given.get("until") ?? "",
        sort: ["newest", "oldest"].includes(sort) ? sort : "relevance",
        page: Math.max(1, Math.trunc(Number(given.get("page"))) || 1),
      };
    },

    of({ query, filters, since, until, sort, page }) {
      const given = new URLSearchParams();
      if (query) given.set("q", query);
      for (const [facet, slugs] of Object.entries(filters)) for (const slug of slugs) given.append(facet, slug);
      if (since) given.set("since", since);
      if (until) given.set("until", until);
      if (sort !== "relevance") given.set("sort", sort);
      if (page > 1) given.set("page", String(page));
      return `${location.pathname}${String(given) && `?${given}`}`;
    },

    isAsked({ query, filters, since, until }) {
      return Boolean(query.trim() || since || until || Object.values(filters).some((slugs) => slugs.length));
    },
  };
})();
