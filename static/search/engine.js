// Answers to a question: which stories it means and in which order, as builder/search/searcher.py gives them, step by step.
"use strict";

(() => {
  const { search } = window.morgue;
  const { LoadError, UNDATED, lower } = search;
  const K1 = 1.2;
  const B = 0.75;
  const NONE = new Float64Array(0);
  const MOST_AT_ONCE = 64;

  // What only some questions need.
  let loading;
  function more() {
    loading ??= search.include("static/search/more.js").then(() => search.more);
    loading.catch(() => (loading = undefined));
    return loading;
  }

  const lengthOf = (code) => (code < 64 ? code : 64 * 1.04 ** (code - 64));

  function both(some, others) {
    if (some.length > others.length) [some, others] = [others, some];
    let from = 0;
    return some.filter((key) => {
      while (from < others.length && others[from] < key) from += 1;
      return others[from] === key;
    });
  }

  function either(lists) {
    const found = lists.filter((keys) => keys.length);
    if (found.length < 2) return found[0] ?? NONE;
    const all = new Float64Array(found.reduce((size, keys) => size + keys.length, 0));
    let size = 0;
    for (const keys of found) {
      all.set(keys, size);
      size += keys.length;
    }
    all.sort();
    return all.filter((key, at) => !at || key !== all[at - 1]);
  }

  function without(keys, others) {
    let from = 0;
    return keys.filter((key) => {
      while (from < others.length && others[from] < key) from += 1;
      return others[from] !== key;
    });
  }

  class Question {
    constructor(index, asked) {
      this.index = index;
      this.asked = asked;
      this.terms = new Map();
      this.found = new Map();
    }

    // The terms that a part of a text stands for: for a prefix those of all words that begin so.
    termsOf(part) {
      const name = `${part.kind} ${part.text}`;
      if (!this.terms.has(name)) this.terms.set(name, this.#begun(part));
      return this.terms.get(name);
    }

    async #begun({ kind, text }) {
      if (kind === "term") return [text];
      const { isStemmed, termOf } = search.words;
      const stemmed = kind === "prefix" && isStemmed(text);
      const [terms, words] = await Promise.all([
        this.index.termsFrom(text),
        stemmed ? more().then(({ wordsFrom }) => wordsFrom(this.index, text)) : [],
      ]);
      const found = terms.filter((term) => !isStemmed(term));
      return [...new Set([...found, ...words.map(([word]) => termOf(word))])].sort();
    }

    // The stories that have `text`: keys (ascending), how often each has it, weighted, and its coded length.
    counts(text) {
      const name = JSON.stringify(text);
      if (!this.found.has(name)) this.found.set(name, this.#counted(text));
      return this.found.get(name);
    }

    async #counted(text) {
      const isWord = text.parts.length === 1 && !text.title;
      const isPage = text.parts.length > MOST_AT_ONCE;
      // What tells where words stand comes with the words: a reader far from the server would wait for it once more.
      if (!isWord && !isPage) for (const coming of [more(), this.index.positions()]) coming.catch(() => {});
      const found = async (part) =>
        Promise.all((await this.termsOf(part)).map(async (term) => ({ term, ...(await this.index.postings(term)) })));
      const parts = [];
      let keys = null;
      // A page that was pasted is looked for piece by piece: nearly always its beginning is nowhere.
      for (let at = 0; at < text.parts.length && (!keys || keys.length); at += MOST_AT_ONCE) {
        const piece = await Promise.all(text.parts.slice(at, at + MOST_AT_ONCE).map(found));
        parts.push(...piece);
        if (isPage)
          keys = [...(keys ? [keys] : []), ...new Set(piece.map((lists) => either(lists.map((list) => list.keys))))].reduce(both);
      }
      if (parts.length < text.parts.length) return summed([]);
      if (isWord) return parts[0].length === 1 ? parts[0][0] : summed(parts[0]);
      return (await more()).sideBySide(this.index, text, parts);
    }

    // The keys, ascending, of the stories that `node` means.
    async matches(node) {
      if (node.kind === "text") return (await this.counts(node)).keys;
      if (node.kind === "facet") return (await this.index.postings(`${node.name}:${node.slug}`)).keys;
      if (node.kind === "some") return either(await Promise.all(node.nodes.map((inner) => this.matches(inner))));
      const nodes = node.kind === "all" ? node.nodes : [node];
      const of = (kind) => nodes.filter((inner) => inner.kind === kind);
      const positive = nodes.filter(({ kind }) => kind !== "not" && kind !== "period");
      const [found, excluded] = await Promise.all([
        Promise.all(positive.length ? positive.map((inner) => this.matches(inner)) : [this.index.universe()]),
        Promise.all(of("not").map((inner) => this.matches(inner.node))),
      ]);
      let keys = found.sort((one, other) => one.length - other.length).reduce(both);
      for (const others of excluded) keys = without(keys, others);
      for (const period of of("period")) keys = this.#within(keys, period);
      return keys;
    }

    #within(keys, { since, until }) {
      const end = (until.length === 4 ? `${until}-12-31` : until.length === 7 ? lastOf(until) : until) || "9999-12-31";
      const begin = since ? lower(keys, this.index.key(since)) : 0;
      return keys.subarray(begin, lower(keys, Math.min(this.index.key(end) + this.index.span, UNDATED * this.index.span)));
    }

    async scores(keys) {
      const scores = new Float64Array(keys.length);
      const { stories, length } = this.index.head;
      const mean = length ? length / stories : 1;
      const norms = Float64Array.from({ length: 256 }, (_, code) => K1 * (1 - B + (B * lengthOf(code)) / mean));
      const texts = new Map([...search.query.texts(this.asked)].map((text) => [JSON.stringify(text), text]));
      for (const { keys: having, counts, lengths } of await Promise.all([...texts.values()].map((text) => this.counts(text)))) {
        const rarity = Math.log(1 + (stories - having.length + 0.5) / (having.length + 0.5));
        let at = 0;
        keys.forEach((key, number) => {
          while (at < having.length && having[at] < key) at += 1;
          if (having[at] === key) {
            const count = counts[at];
            scores[number] += (rarity * count * (K1 + 1)) / (count + norms[lengths[at]]);
          }
        });
      }
      return scores;
    }
  }

  function lastOf(month) {
    const [year, number] = month.split("-").map(Number);
    return `${month}-${new Date(Date.UTC(year, number, 0)).getUTCDate()}`;
  }

  function summed(lists) {
    const keys = either(lists.map((list) => list.keys));
    const counts = new Uint32Array(keys.length);
    const lengths = new Uint8Array(keys.length);
    for (const list of lists) {
      let at = 0;
      list.keys.forEach((key, number) => {
        while (keys[at] < key) at += 1;
        counts[at] += list.counts[number];
        lengths[at] = list.lengths[number];
      });
    }
    return { keys, counts, lengths };
  }

  // What a question came to: all keys that it means, and the first of them in order as they are asked for.
  class Found {
    constructor(question, keys, scores, sort) {
      Object.assign(this, { question, index: question.index, keys, scores, sort });
    }

    static async of(index, asked, sort) {
      const question = new Question(index, asked);
      const matching = question.matches(asked);
      for (const label of index.lists.keys()) index.days(label); // read while the words are on their way
      const keys = await matching;
      return new Found(question, keys, sort === "relevance" ? await question.scores(keys) : null, sort);
    }

    years() {
      const years = new Map();
      let at = 0;
      while (at < this.keys.length) {
        const year = this.index.date(this.keys[at]).slice(0, 4);
        const end = year
          ? lower(this.keys, this.index.key(`${String(Number(year) + 1).padStart(4, "0")}-01-01`))
          : this.keys.length;
        years.set(year, end - at);
        at = end;
      }
      return years;
    }

    // The numbers (into `keys`) of the hits from `from` to `to`. Of one day and score, those of the latest moment come first,
    // and of one moment the first id, as keys ascend; which are of one moment the list of days tells.
    async order(from, to) {
      const { keys, scores, index, sort } = this;
      const last = Math.min(to, keys.length);
      if (sort === "oldest") return Array.from({ length: Math.max(0, last - from) }, (_, at) => from + at);
      const day = (number) => {
        const found = index.day(keys[number]);
        return found === UNDATED ? -Infinity : found;
      };
      const compare = (one, other) => (scores ? scores[other] - scores[one] : 0) || day(other) - day(one) || other - one;
      const same = (one, other) => (!scores || scores[one] === scores[other]) && day(one) === day(other);
      let numbers = Array.from(keys.keys());
      if (scores && last < keys.length) {
        const least = scores.slice().sort()[keys.length - last];
        numbers = numbers.filter((number) => scores[number] >= least);
      }
      numbers.sort(compare);
      let begin = from;
      let end = last;
      while (begin > 0 && begin < numbers.length && same(numbers[begin - 1], numbers[begin])) begin -= 1;
      while (end > 0 && end < numbers.length && same(numbers[end - 1], numbers[end])) end += 1;
      const some = numbers.slice(begin, end);
      const moments = await this.#moments(some);
      some.sort((one, other) => {
        const unlike = same(one, other) ? moments.get(other) - moments.get(one) || one - other : compare(one, other);
        return unlike;
      });
      return some.slice(from - begin, last - begin);
    }

    // Which of its day's moments each is of, counted from the first.
    async #moments(numbers) {
      const moments = new Map();
      const lists = new Map();
      const labels = new Set(numbers.map((number) => this.index.date(this.keys[number]).slice(0, 4)));
      await Promise.all([...labels].map(async (label) => lists.set(label, await this.index.days(label))));
      for (const number of numbers) {
        const key = this.keys[number];
        const { ends } = lists.get(this.index.date(key).slice(0, 4)).get(this.index.day(key));
        const slot = this.index.slot(key);
        moments.set(number, ends ? lower(ends, slot + 1) : slot);
      }
      return moments;
    }

    // What is known of the stories from `from` to `to`; `more` makes what is given of each, as soon as it is there.
    async stories(from, to, more = (story) => story) {
      const numbers = await this.order(from, to);
      return Promise.all(
        numbers.map(async (number) =>
          more({ ...(await this.index.story(this.keys[number])), score: this.scores ? this.scores[number] : 0 }),
        ),
      );
    }

    // The same with an excerpt of each, and with what was asked for marked in what else is shown: {text, marks}.
    async hits(from, to) {
      const texts = [...search.query.texts(this.question.asked)];
      const terms = new Map();
      for (const part of texts.flatMap(({ parts }) => parts))
        terms.set(`${part.kind} ${part.text}`, new Set(await this.question.termsOf(part)));
      const termsOf = (part) => terms.get(`${part.kind} ${part.text}`);
      const wanted = search.wanted(texts, termsOf);
      const wantedOfNames = search.wanted(
        texts.filter(({ title }) => !title),
        termsOf,
      );
      const ofName = (text) => ({ text, marks: search.marks(text, wantedOfNames) });
      return this.stories(from, to, ({ text, ...story }) => ({
        ...story,
        excerpt: search.excerpt(text, wanted),
        shown: {
          title: { text: story.title, marks: search.marks(story.title, wanted) },
          agency: story.agency.map(ofName),
          names: [...story.byline, ...story.tags].map(ofName),
        },
      }));
    }
  }

  Object.assign(search, { both, either });

  // A file that is gone was replaced by a later build: the question is asked once more, of the index as it is now.
  search.ask = async ({ query = "", filters = {}, since = "", until = "", sort = "relevance" }) => {
    const asked = search.query.compose(query, filters, since, until);
    const ask = async (fresh) => Found.of(await search.open(fresh), asked, sort);
    const again = async (error) => {
      if (!(error instanceof LoadError)) throw error;
      return ask(true);
    };
    let found = await ask(false).catch(again);
    const steady = async (use) => {
      try {
        return await use(found);
      } catch (error) {
        found = await again(error);
        return use(found);
      }
    };
    return {
      total: found.keys.length,
      years: found.years(),
      hits: (from, to) => steady((now) => now.hits(from, to)),
      stories: (from, to) => steady((now) => now.stories(from, to)),
      facets: () => steady(async (now) => (await more()).facets(now)),
      suggestion: () => steady(async (now) => (await more()).suggestion(now.index, query)),
    };
  };
})();
