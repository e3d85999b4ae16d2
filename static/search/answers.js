// Answers to a question: the stories that it means, in order and with excerpts, as builder/search/answers.py gives them.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));

  // What a question came to: all keys that it means, and the first of them in order as they are asked for.
  class ResultSet {
    /**
     * @param {Searcher} searcher
     * @param {Float64Array} keys
     * @param {Float64Array | null} scores
     * @param {string} sort
     */
    constructor(searcher, keys, scores, sort) {
      this.searcher = searcher;
      this.index = searcher.index;
      this.keys = keys;
      this.scores = scores;
      this.sort = sort;
    }

    /**
     * @param {Index} index
     * @param {QueryNode} query
     * @param {string} sort
     */
    static async of(index, query, sort) {
      const searcher = new search.Searcher(index, query);
      const matching = searcher.matches(query);
      for (const label of index.years.keys()) if (!index.years.get(label)?.days) index.days(label); // while the words are on their way
      const keys = await matching;
      return new ResultSet(searcher, keys, sort === "relevance" ? await searcher.scores(keys) : null, sort);
    }

    years() {
      /** @type {Map<string, number>} */
      const years = new Map();
      let at = 0;
      while (at < this.keys.length) {
        const year = this.index.date(this.keys[at]).slice(0, 4);
        const next = String(Number(year) + 1).padStart(4, "0");
        const end = year ? search.lower(this.keys, this.index.key(`${next}-01-01`)) : this.keys.length;
        years.set(year, end - at);
        at = end;
      }
      return years;
    }

    /**
     * The numbers (into `keys`) of the hits from `from` to `to`. Of one day and score, those of the latest moment come first,
     * and of one moment the first id, as keys ascend; which are of one moment the list of days tells.
     * @param {number} from
     * @param {number} to
     */
    async order(from, to) {
      const { keys, scores, index, sort } = this;
      const last = Math.min(to, keys.length);
      if (sort === "oldest") return Array.from({ length: Math.max(0, last - from) }, (_, at) => from + at);
      /** @param {number} number */
      const day = (number) => {
        const day = index.day(keys[number]);
        return day === search.UNDATED ? -Infinity : day;
      };
      /** @type {(a: number, b: number) => number} */
      const compare = (a, b) => (scores ? scores[b] - scores[a] : 0) || day(b) - day(a) || b - a;
      /** @type {(a: number, b: number) => boolean} */
      const isTie = (a, b) => (!scores || scores[a] === scores[b]) && day(a) === day(b);
      let numbers = Array.from(keys.keys());
      if (scores && last < keys.length) {
        const least = scores.slice().sort()[keys.length - last];
        numbers = numbers.filter((number) => scores[number] >= least);
      }
      numbers.sort(compare);
      let begin = from;
      let end = last;
      while (begin > 0 && begin < numbers.length && isTie(numbers[begin - 1], numbers[begin])) begin -= 1;
      while (end > 0 && end < numbers.length && isTie(numbers[end - 1], numbers[end])) end += 1;
      const some = numbers.slice(begin, end);
      const moments = await this.#moments(some);
      some.sort((a, b) => (isTie(a, b) ? moments[b] - moments[a] || a - b : compare(a, b)));
      return some.slice(from - begin, last - begin);
    }

    /**
     * Which of its day's moments each is of, counted from the first.
     * @param {number[]} numbers
     */
    async #moments(numbers) {
      /** @type {Record<number, number>} */
      const moments = {};
      const labels = new Set(numbers.map((number) => this.index.date(this.keys[number]).slice(0, 4)));
      const lists = new Map(
        await Promise.all(Array.from(labels, async (label) => /** @type {const} */ ([label, await this.index.days(label)]))),
      );
      for (const number of numbers) {
        const key = this.keys[number];
        const ends = lists.get(this.index.date(key).slice(0, 4))?.get(this.index.day(key))?.ends;
        const slot = this.index.slot(key);
        moments[number] = ends ? search.lower(ends, slot + 1) : slot;
      }
      return moments;
    }

    /**
     * What the index tells of the stories from `from` to `to`, as `use` makes it, of each as soon as it is there.
     * @template Result
     * @param {number} from
     * @param {number} to
     * @param {(story: Story) => Result} use
     */
    async map(from, to, use) {
      const numbers = await this.order(from, to);
      const score = (/** @type {number} */ number) => (this.scores ? this.scores[number] : 0);
      return Promise.all(
        numbers.map(async (number) => use({ ...(await this.index.story(this.keys[number])), score: score(number) })),
      );
    }

    /**
     * The same with an excerpt of each, and with what was asked for marked in what else is shown.
     * @param {number} from
     * @param {number} to
     * @returns {Promise<Hit[]>}
     */
    async hits(from, to) {
      const phrases = [...search.query.phrases(this.searcher.query)];
      /** @type {Map<QueryPart, Set<string>>} */
      const terms = new Map();
      for (const part of phrases.flatMap(({ parts }) => parts)) terms.set(part, new Set(await this.searcher.termsOf(part)));
      const termsOf = (/** @type {QueryPart} */ part) => terms.get(part) ?? new Set();
      const matcher = search.matcher(phrases, termsOf);
      const namesMatcher = search.matcher(
        phrases.filter(({ title }) => !title),
        termsOf,
      );
      const mark = (/** @type {string} */ text) => ({ text, marks: search.marks(text, namesMatcher) });
      return this.map(from, to, ({ text, ...story }) => ({
        ...story,
        excerpt: search.excerpt(text, matcher),
        shown: {
          title: { text: story.title, marks: search.marks(story.title, matcher) },
          agency: story.agency.map(mark),
          names: [...story.byline, ...story.tags].map(mark),
        },
      }));
    }
  }

  // A file that is gone was replaced by a later build: the question is asked once more, of the index as it is now.
  search.search = async ({ query = "", filters = {}, since = "", until = "", sort = "relevance" }) => {
    /** @param {boolean} isFresh */
    const run = async (isFresh) => {
      const index = await search.open(isFresh);
      return ResultSet.of(index, search.query.compose(query, index.head.facets, filters, since, until), sort);
    };
    /** @param {unknown} error */
    const retry = async (error) => {
      if (!(error instanceof search.LoadError)) throw error;
      return run(true);
    };
    let results = await run(false).catch(retry);
    /**
     * @template Result
     * @param {(results: ResultSet) => Result | Promise<Result>} use
     */
    const withRetry = async (use) => {
      try {
        return await use(results);
      } catch (error) {
        results = await retry(error);
        return use(results);
      }
    };
    return {
      total: results.keys.length,
      years: results.years(),
      hits: (from, to) => withRetry((current) => current.hits(from, to)),
      stories: (from, to) => withRetry((current) => current.map(from, to, (story) => story)),
      facets: () => withRetry(async (current) => (await search.loadLazy()).facets(current)),
      suggestion: () => withRetry(async (current) => (await search.loadLazy()).suggestion(current.index, query)),
    };
  };
})();
