// The search index as the reader has it: which files hold what, and what they say of terms, days and stories. Its manifest
// tells all that builder/search/ decides: facets, weights, sizes.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const INDEX_FORMAT = 5;
  const UNDATED = 4_000_000;
  const DAY = 86_400_000;
  const DIGEST_BYTES = 3;
  const NO_POSTINGS = { keys: new Float64Array(0), counts: new Uint32Array(0), lengths: new Uint8Array(0) };

  /** @typedef {{ stories: number, keys: number, counts: number, lengths: Uint8Array, isFacet: boolean, postings?: Postings }} Entry */

  /** @param {Uint8Array} bytes */
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

  class Index {
    /** @param {Reader} manifest */
    constructor(manifest) {
      /** @type {Head} */
      this.head = JSON.parse(manifest.text());
      if (this.head.format !== INDEX_FORMAT)
        throw new Error(`the search index has format ${this.head.format}; this page reads ${INDEX_FORMAT}`);
      this.terms = new search.FileDirectory(manifest);
      this.span = 2 ** this.head.bits;
      /** @type {Map<string, Year>} */
      this.years = new Map(this.head.years.map(([label, stories, days, names]) => [label, { label, stories, days, names }]));
      /** @type {Map<string, Promise<any>>} */
      this.files = new Map();
      /** @type {Map<string, Uint8Array<ArrayBuffer>>} */
      this.daysInside = new Map(); // the years whose days stand in the manifest
      for (const [label, { days }] of this.years) if (!days) this.daysInside.set(label, manifest.take(manifest.number()));
    }

    /**
     * What `read` makes of a file, made once.
     * @template Content
     * @param {string} name
     * @param {(reader: Reader) => Content} read
     * @returns {Promise<Content>}
     */
    file(name, read) {
      let content = this.files.get(name);
      if (!content) {
        content = search.load(name).then(read);
        content.catch(() => this.files.delete(name));
        this.files.set(name, content);
      }
      return content;
    }

    /**
     * The directory with the place of `term`: `directory`, or one that it lists.
     * @param {FileDirectory} directory
     * @param {string} term
     */
    async directoryWith(directory, term) {
      const number = directory.place(term);
      return directory.isOfDirectories && number >= 0 ? this.directory(`i/${directory.name(number)}`) : directory;
    }

    /** @param {string} name */
    directory(name) {
      return this.file(name, (reader) => new search.FileDirectory(reader));
    }

    // The directory of the files that tell where words stand.
    positions() {
      return this.directory(`p/${this.head.positions}`);
    }

    /**
     * The names of the files in which terms that begin with `prefix` may stand.
     * @param {FileDirectory} directory
     * @param {string} prefix
     * @returns {Promise<string[]>}
     */
    async names(directory, prefix) {
      const names = directory.places(prefix).map((number) => directory.name(number));
      if (!directory.isOfDirectories) return names;
      const inner = await Promise.all(names.map(async (name) => this.names(await this.directory(`i/${name}`), prefix)));
      return inner.flat();
    }

    /** @param {string} name */
    termFile(name) {
      return this.file(`t/${name}`, (reader) => {
        const terms = reader.terms();
        const stories = reader.numbers(new Uint32Array(terms.length));
        const [keys, counts] = reader.begins(terms.length);
        /** @type {(term: string, at: number) => [string, Entry]} */
        const entry = (term, at) => {
          const isFacet = term.includes(":");
          const lengths = reader.take(isFacet ? 0 : stories[at]);
          return [term, { stories: stories[at], keys: keys[at], counts: counts[at], lengths, isFacet }];
        };
        return { terms: new Map(terms.map(entry)), bytes: reader.bytes };
      });
    }

    /**
     * The stories that have `term`: their keys (ascending), weighted counts and coded lengths. A facet has keys alone.
     * @param {string} term
     * @returns {Promise<Postings>}
     */
    async postings(term) {
      const directory = await this.directoryWith(this.terms, term);
      const number = directory.place(term);
      if (number < 0) return NO_POSTINGS;
      const { terms, bytes } = await this.termFile(directory.name(number));
      const entry = terms.get(term);
      if (!entry) return NO_POSTINGS;
      entry.postings ??= this.#read(entry, bytes);
      return entry.postings;
    }

    /**
     * @param {Entry} entry
     * @param {Uint8Array<ArrayBuffer>} bytes
     * @returns {Postings}
     */
    #read(entry, bytes) {
      const reader = new search.Reader(bytes, entry.keys);
      const keys = new Float64Array(entry.stories);
      keys[0] = reader.signed();
      reader.numbers(keys.subarray(1));
      for (let at = 1; at < keys.length; at += 1) keys[at] += keys[at - 1];
      if (entry.isFacet) return { ...NO_POSTINGS, keys };
      return { keys, counts: new search.Reader(bytes, entry.counts).numbers(new Uint32Array(keys.length)), lengths: entry.lengths };
    }

    /**
     * The terms that begin with `prefix`; no facets.
     * @param {string} prefix
     */
    async termsFrom(prefix) {
      const files = await Promise.all((await this.names(this.terms, prefix)).map((name) => this.termFile(name)));
      const terms = files.flatMap((file) => [...file.terms.keys()]);
      return terms.filter((term) => term.startsWith(prefix) && !term.includes(":"));
    }

    /** @param {number} key */
    day(key) {
      return Math.floor(key / this.span);
    }

    /** @param {number} key */
    slot(key) {
      return key - this.day(key) * this.span;
    }

    /**
     * The day of `key` as `1987-02-26`; "" for the undated.
     * @param {number} key
     */
    date(key) {
      const day = this.day(key);
      return day === UNDATED ? "" : new Date(day * DAY).toISOString().slice(0, 10);
    }

    /**
     * The first key of the day `2025-02-12`.
     * @param {string} date
     */
    key(date) {
      return (Date.parse(date) / DAY) * this.span;
    }

    /**
     * A year's days by number. They have a file where the archive has many years, and stand in the manifest otherwise.
     * @param {string} label
     */
    days(label) {
      const name = `y/${this.years.get(label)?.days || label}`;
      const inside = this.daysInside.get(label);
      if (inside && !this.files.has(name)) this.files.set(name, Promise.resolve(this.#days(label, new search.Reader(inside))));
      return this.file(name, (reader) => this.#days(label, reader));
    }

    /**
     * @param {string} label
     * @param {Reader} reader
     * @returns {Map<number, Day>}
     */
    #days(label, reader) {
      const days = new Map();
      let before = 0;
      let month = 0;
      let start = UNDATED;
      let number = 0;
      const count = reader.number();
      const gaps = reader.numbers(new Uint32Array(count));
      const sizes = reader.numbers(new Uint32Array(count));
      const repeats = reader.numbers(new Uint32Array(count)); // stories minus distinct moments
      for (let at = 0; at < count; at += 1) {
        const size = sizes[at];
        number += gaps[at];
        if (Math.floor(number / 100) !== month) {
          month = Math.floor(number / 100);
          start = Date.parse(`${label}-${String(month).padStart(2, "0")}-01`) / DAY - 1;
        }
        const day = start + (number % 100); // the undated: 0
        days.set(day, { before, size, moments: size - repeats[at], ends: null });
        before += size;
      }
      for (const day of days.values()) {
        if (day.moments === day.size) continue;
        let end = 0;
        day.ends = reader.numbers(new Uint32Array(day.moments)).map((run) => (end += run));
      }
      for (const day of days.values()) day.digests = reader.take(DIGEST_BYTES * Math.ceil(day.size / this.head.perGroup));
      return days;
    }

    // The keys of all stories, ascending.
    async allIds() {
      const years = await Promise.all([...this.years.keys()].map((label) => this.days(label)));
      const keys = [];
      for (const days of years) {
        for (const [day, { size }] of days) {
          for (let slot = 0; slot < size; slot += 1) keys.push(day * this.span + slot);
        }
      }
      return Float64Array.from(keys).sort();
    }

    /**
     * What a list shows of the story `key`, and its text.
     * @param {number} key
     * @returns {Promise<StoryRecord>}
     */
    async story(key) {
      const { perFile, perGroup, hit } = this.head;
      const date = this.date(key);
      const slot = this.slot(key);
      const day = (await this.days(date.slice(0, 4))).get(this.day(key));
      if (!day) throw new Error(`the search index has no day for ${key}`);
      const group = Math.floor(slot / perGroup);
      const digest = hex(day.digests.subarray(DIGEST_BYTES * group, DIGEST_BYTES * (group + 1)));
      const name = `${date.slice(5, 7)}${date.slice(8)}-${group}-${digest}-${Math.floor((slot % perGroup) / perFile)}`;
      const read = (/** @type {Reader} */ reader) => JSON.parse(new TextDecoder().decode(reader.bytes));
      const stories = await this.file(`d/${date.slice(0, 4) || "undated"}/${name}`, read);
      return /** @type {StoryRecord} */ (Object.fromEntries(hit.map((name, at) => [name, stories[slot % perFile][at] ?? ""])));
    }
  }

  // The index, loaded once; pages may have loaded its manifest by a script of their own. One that is `fresh` comes past every
  // cache, after a file of the one before was gone.
  /** @type {Promise<Index> | undefined} */
  let opening;
  search.open = (isFresh = false) => {
    if (!opening || isFresh) {
      const manifest = search.takePending("manifest") ?? search.load("manifest", isFresh ? `?${Date.now()}` : "");
      opening = manifest.then((reader) => new Index(reader));
      opening.catch(() => (opening = undefined));
    }
    return opening;
  };
  search.forget = () => (opening = undefined);
  search.UNDATED = UNDATED;
})();
