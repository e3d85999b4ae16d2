// The files of the search index: loaded as they are needed, from file:// too, unpacked, and read. What they hold is told in
// builder/search/browser/.
"use strict";

(() => {
  const search = ((window.morgue ??= {}).search ??= {});
  const FORMAT = 4;
  const UNDATED = 4_000_000;
  const DAY = 86_400_000;
  const PER_FILE = 4;
  const PER_GROUP = 32;
  const MARK = 3; // bytes
  const NAME = 5;
  const ESCAPE = 1;
  const HIT = [
    "url",
    "title",
    "date",
    "updated",
    "source",
    "agency",
    "byline",
    "section",
    "type",
    "tags",
    "language",
    "summary",
    "original_url",
    "id",
    "text",
    "dateline",
    "slugline",
    "archived_url",
    "captured_at",
    "rights",
  ];

  class LoadError extends Error {
    constructor(file) {
      super(`${file} could not be loaded`);
      this.file = file;
    }
  }

  // Run the script at `path` (from the site's root), past every cache with a `query` of its own.
  search.include = (path, query = "") => {
    const script = document.createElement("script");
    return new Promise((resolve, reject) => {
      script.src = (window.morgue.root ?? "") + path + query;
      script.onload = resolve;
      script.onerror = () => reject(new LoadError(path));
      document.head.append(script);
    }).finally(() => script.remove());
  };

  // What scripts handed over, on its way to be read.
  const arrived = new Map();
  search.put = (name, text) => {
    const units = new Uint16Array(text.length);
    for (let at = 0; at < text.length; at += 1) units[at] = text.charCodeAt(at);
    arrived.set(name, unpack(units));
  };

  // From file:// scripts alone may be loaded. A server sends the same scripts, and to take them as data is quicker than to run them.
  const load = (name, query = "") => (location.protocol === "file:" ? run : fetched)(name, `search/${name}.js`, query);

  async function run(name, path, query) {
    await search.include(path, query);
    return taken(name, path);
  }

  function taken(name, path) {
    const reader = arrived.get(name);
    arrived.delete(name);
    if (!reader) throw new LoadError(path);
    return reader;
  }

  async function fetched(name, path, query) {
    let units;
    try {
      const response = await fetch((window.morgue.root ?? "") + path + query);
      const data = response.ok ? await response.arrayBuffer() : new ArrayBuffer(0);
      units = new Uint16Array(data, 0, data.byteLength >> 1);
    } catch {
      return run(name, path, query); // where no connection is allowed (Content-Security-Policy), scripts still may be
    }
    if (units[0] !== 0xfeff) throw new LoadError(path); // it is not there, whatever page says so
    return unpack(units.subarray(`\ufeffmorgue.search.put("${name}","`.length, -'");\n'.length));
  }

  // Whether the last byte is filling, then two bytes a character, deflated; see builder/search/browser/scripts.py.
  async function unpack(units) {
    const filling = units[0] - 48;
    let size = 0;
    let from = 1;
    const moveTo = (end) => {
      units.copyWithin(size, from, end); // behind what is still to be read
      size += end - from;
      from = end + 2;
    };
    for (let at = units.indexOf(ESCAPE, 1); at > 0; at = units.indexOf(ESCAPE, from)) {
      moveTo(at);
      const unit = units[at + 1];
      units[size++] = unit + (unit < 0x1000 ? 0xd800 - 0x100 : -0x1000);
    }
    moveTo(units.length);
    const bytes = new Uint8Array(units.buffer, units.byteOffset, 2 * size - filling);
    const { readable, writable } = new DecompressionStream("deflate-raw");
    const writer = writable.getWriter(); // a Blob and its stream would be two more ways for each small file
    const [data] = await Promise.all([new Response(readable).arrayBuffer(), writer.write(bytes), writer.close()]);
    return new Reader(new Uint8Array(data));
  }

  const UTF8 = new TextDecoder();

  class Reader {
    constructor(bytes, at = 0) {
      this.bytes = bytes;
      this.at = at;
    }

    number() {
      let byte = this.bytes[this.at++];
      let number = byte & 127;
      for (let unit = 128; byte > 127; unit *= 128) {
        byte = this.bytes[this.at++];
        number += (byte & 127) * unit; // not by shifts: keys have more than 32 bits
      }
      return number;
    }

    signed() {
      const number = this.number();
      return number % 2 ? -(number - 1) / 2 : number / 2;
    }

    // Fill the array `numbers`. One loop for all: most of it runs before the browser has compiled anything.
    numbers(numbers) {
      const { bytes } = this;
      let { at } = this;
      for (let place = 0; place < numbers.length; place += 1) {
        let byte = bytes[at++];
        let number = byte & 127;
        for (let unit = 128; byte > 127; unit *= 128) {
          byte = bytes[at++];
          number += (byte & 127) * unit;
        }
        numbers[place] = number;
      }
      this.at = at;
      return numbers;
    }

    // Where in each of two columns `count` pieces begin. All their sizes stand here, then both columns, which are passed over.
    begins(count) {
      const sizes = this.numbers(new Uint32Array(2 * count));
      const begins = sizes.map((size) => (this.at += size) - size);
      return [begins.subarray(0, count), begins.subarray(count)];
    }

    take(size) {
      this.at += size;
      return this.bytes.subarray(this.at - size, this.at);
    }

    text() {
      return UTF8.decode(this.take(this.number()));
    }

    terms() {
      const text = this.text();
      return text ? text.split("\n") : [];
    }
  }

  // Files in order: the terms that they begin with, the keys of those that begin within a term (by number), and names.
  // In a large archive they are lists, each of a part of the files.
  class List {
    constructor(reader) {
      this.isOfLists = reader.number() === 1;
      this.starts = reader.terms();
      this.keys = new Map();
      let number = 0;
      for (let count = reader.number(); count; count -= 1) this.keys.set((number += reader.number()), reader.signed());
      this.digests = reader.take(NAME * this.starts.length);
    }

    // The number of the last file that begins at or before `term`; -1 where there is none.
    place(term) {
      let low = 0;
      let high = this.starts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (this.starts[middle] <= term) low = middle + 1;
        else high = middle;
      }
      return low - 1;
    }

    // The numbers of the files in which terms that begin with `prefix` may stand.
    places(prefix) {
      const found = [];
      for (let at = Math.max(0, this.place(prefix)); at < this.starts.length; at += 1) {
        if (this.starts[at] > prefix && !this.starts[at].startsWith(prefix)) break;
        found.push(at);
      }
      return found;
    }

    // A digest in base32.
    name(number) {
      let bits = 0n;
      for (const byte of this.digests.subarray(NAME * number, NAME * (number + 1))) bits = (bits << 8n) | BigInt(byte);
      return bits
        .toString(32)
        .padStart(8, "0")
        .replace(/./g, (digit) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(digit, 32)]);
    }
  }

  // Days by number: how many stories come before, how many it has, where each run of one moment ends (null where each story
  // has a moment of its own), its groups' marks (bytes).
  function daysOf(label, reader) {
    const found = new Map();
    let before = 0;
    let month = 0;
    let start = UNDATED;
    let number = 0;
    const count = reader.number();
    const gaps = reader.numbers(new Uint32Array(count));
    const sizes = reader.numbers(new Uint32Array(count));
    const fewer = reader.numbers(new Uint32Array(count));
    for (let at = 0; at < count; at += 1) {
      const size = sizes[at];
      number += gaps[at];
      if (Math.floor(number / 100) !== month) {
        month = Math.floor(number / 100);
        start = Date.parse(`${label}-${String(month).padStart(2, "0")}-01`) / DAY - 1;
      }
      const day = start + (number % 100); // the undated: 0
      found.set(day, { before, size, moments: size - fewer[at], ends: null });
      before += size;
    }
    for (const day of found.values()) {
      if (day.moments === day.size) continue;
      let end = 0;
      day.ends = reader.numbers(new Uint32Array(day.moments)).map((run) => (end += run));
    }
    for (const day of found.values()) day.marks = reader.take(MARK * Math.ceil(day.size / PER_GROUP));
    return found;
  }

  class Index {
    constructor(manifest) {
      this.head = JSON.parse(manifest.text());
      if (this.head.format !== FORMAT)
        throw new Error(`the search index has format ${this.head.format}; this page reads ${FORMAT}`);
      this.shards = new List(manifest);
      this.span = 2 ** this.head.bits;
      this.years = new Map(this.head.years.map(([label, stories, days, names]) => [label, { label, stories, days, names }]));
      this.files = new Map();
      this.lists = new Map(); // the years whose days stand in the manifest
      for (const [label, { days }] of this.years) if (!days) this.lists.set(label, manifest.take(manifest.number()));
    }

    // What `read` makes of a file, made once.
    file(name, read) {
      if (!this.files.has(name)) {
        const made = load(name).then(read);
        made.catch(() => this.files.delete(name));
        this.files.set(name, made);
      }
      return this.files.get(name);
    }

    // The list with the place of `term`: `list`, or one that it lists.
    async listWith(list, term) {
      const number = list.place(term);
      return list.isOfLists && number >= 0 ? this.list(`i/${list.name(number)}`) : list;
    }

    list(name) {
      return this.file(name, (reader) => new List(reader));
    }

    // The list of the files that tell where words stand.
    positions() {
      return this.list(`p/${this.head.positions}`);
    }

    // The names of the files in which terms that begin with `prefix` may stand.
    async names(list, prefix) {
      const names = list.places(prefix).map((number) => list.name(number));
      if (!list.isOfLists) return names;
      const found = await Promise.all(names.map(async (name) => this.names(await this.list(`i/${name}`), prefix)));
      return found.flat();
    }

    shard(name) {
      return this.file(`t/${name}`, (reader) => {
        const terms = reader.terms();
        const stories = reader.numbers(new Uint32Array(terms.length));
        const [keys, counts] = reader.begins(terms.length);
        const entry = (term, at) => {
          const isFacet = term.includes(":");
          const lengths = reader.take(isFacet ? 0 : stories[at]);
          return [term, { stories: stories[at], keys: keys[at], counts: counts[at], lengths, isFacet }];
        };
        return { terms: new Map(terms.map(entry)), bytes: reader.bytes };
      });
    }

    // The stories that have `term`: their keys (ascending), weighted counts and coded lengths. A facet has keys alone.
    async postings(term) {
      const list = await this.listWith(this.shards, term);
      const number = list.place(term);
      if (number < 0) return NONE;
      const { terms, bytes } = await this.shard(list.name(number));
      const entry = terms.get(term);
      if (!entry) return NONE;
      if (!entry.postings) {
        const reader = new Reader(bytes, entry.keys);
        const keys = new Float64Array(entry.stories);
        keys[0] = reader.signed();
        reader.numbers(keys.subarray(1));
        for (let at = 1; at < keys.length; at += 1) keys[at] += keys[at - 1];
        entry.postings = { keys };
        if (!entry.isFacet) {
          entry.postings.counts = new Reader(bytes, entry.counts).numbers(new Uint32Array(keys.length));
          entry.postings.lengths = entry.lengths;
        }
      }
      return entry.postings;
    }

    // The terms that begin with `prefix`; no facets.
    async termsFrom(prefix) {
      const shards = await Promise.all((await this.names(this.shards, prefix)).map((name) => this.shard(name)));
      const found = shards.flatMap(({ terms }) => [...terms.keys()]);
      return found.filter((term) => term.startsWith(prefix) && !term.includes(":"));
    }

    day(key) {
      return Math.floor(key / this.span);
    }

    slot(key) {
      return key - this.day(key) * this.span;
    }

    // The day of `key` as `1987-02-26`; "" for the undated.
    date(key) {
      const day = this.day(key);
      return day === UNDATED ? "" : new Date(day * DAY).toISOString().slice(0, 10);
    }

    // The first key of the day `2025-02-12`.
    key(date) {
      return (Date.parse(date) / DAY) * this.span;
    }

    // A year's days by number. They have a file where the archive has many years, and stand in the manifest otherwise.
    days(label) {
      const name = `y/${this.years.get(label).days || label}`;
      if (this.lists.has(label) && !this.files.has(name))
        this.files.set(name, Promise.resolve(daysOf(label, new Reader(this.lists.get(label)))));
      return this.file(name, (reader) => daysOf(label, reader));
    }

    // All keys there are, ascending.
    async universe() {
      const years = await Promise.all([...this.years.keys()].map((label) => this.days(label)));
      const keys = [];
      for (const days of years) {
        for (const [day, { size }] of days) {
          for (let slot = 0; slot < size; slot += 1) keys.push(day * this.span + slot);
        }
      }
      return Float64Array.from(keys).sort();
    }

    // What a list shows of the story `key`, and its text.
    async story(key) {
      const date = this.date(key);
      const slot = this.slot(key);
      const { marks } = (await this.days(date.slice(0, 4))).get(this.day(key));
      const group = Math.floor(slot / PER_GROUP);
      const mark = hex(marks.subarray(MARK * group, MARK * (group + 1)));
      const name = `${date.slice(5, 7)}${date.slice(8)}-${group}-${mark}-${Math.floor((slot % PER_GROUP) / PER_FILE)}`;
      const stories = await this.file(`d/${date.slice(0, 4) || "undated"}/${name}`, (reader) =>
        JSON.parse(UTF8.decode(reader.bytes)),
      );
      return Object.fromEntries(HIT.map((name, at) => [name, stories[slot % PER_FILE][at] ?? ""]));
    }
  }

  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const NONE = { keys: new Float64Array(0), counts: new Uint32Array(0), lengths: new Uint8Array(0) };

  // How many of `keys` (ascending) are below `key`.
  function lower(keys, key) {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // The index, loaded once; pages may have loaded its manifest by a script of their own. One that is `fresh` comes past every
  // cache, after a file of the one before was gone.
  let opened;
  search.open = (fresh = false) => {
    if (!opened || fresh) {
      const manifest = arrived.has("manifest") ? taken("manifest") : load("manifest", fresh ? `?${Date.now()}` : "");
      opened = manifest.then((reader) => new Index(reader));
      opened.catch(() => (opened = undefined));
    }
    return opened;
  };
  search.forget = () => (opened = undefined);
  Object.assign(search, { LoadError, Reader, UNDATED, lower });
})();
