// The files of the search index: loaded as they are needed, from file:// too, unpacked, and read. What they hold is told in
// builder/search/browser/.
"use strict";

(() => {
  const search = ((window.morgue ??= {}).search ??= {});
  const FORMAT = 2;
  const UNDATED = 4_000_000;
  const DAY = 86_400_000;
  const PER_FILE = 4;
  const PER_GROUP = 32;
  const MARK = 3; // bytes
  const HIT = [
    "url", "title", "date", "updated", "source", "agency", "byline", "section", "type", "tags", "language", "summary", "original_url",
    "id", "text", "dateline", "slugline", "archived_url", "captured_at", "rights",
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

  const arrived = new Map();
  search.put = (name, text) => arrived.set(name, text);

  // From file:// scripts alone may be loaded. A server sends the same scripts, and to take them as data is quicker than to run them.
  const load = (name, query = "") => (location.protocol === "file:" ? run : fetched)(name, `search/${name}.js`, query).then(unpack);

  async function run(name, path, query) {
    await search.include(path, query);
    return taken(name, path);
  }

  // What the script called `name` handed over.
  function taken(name, path) {
    const text = arrived.get(name);
    arrived.delete(name);
    if (text === undefined) throw new LoadError(path);
    const units = new Uint16Array(text.length);
    for (let at = 0; at < text.length; at += 1) units[at] = text.charCodeAt(at);
    return units;
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
    return units.subarray(`\ufeffmorgue.search.put("${name}","`.length, -'");\n'.length);
  }

  // Whether the last byte is filling, then two bytes a character, deflated; see builder/search/browser/scripts.py.
  async function unpack(units) {
    const filling = units[0] - 48;
    let size = 0;
    for (let at = 1; at < units.length; at += 1) {
      let unit = units[at];
      if (unit === 1) {
        unit = units[(at += 1)];
        unit += unit < 0x1000 ? 0xd800 - 0x100 : -0x1000;
      }
      units[size] = unit; // behind what is still to be read
      size += 1;
    }
    const bytes = new Uint8Array(units.buffer, units.byteOffset, 2 * size - filling);
    const { readable, writable } = new DecompressionStream("deflate-raw");
    const writer = writable.getWriter(); // a Blob and its stream would be two more ways for each small file
    const [data] = await Promise.all([new Response(readable).arrayBuffer(), writer.write(bytes), writer.close()]);
    return new Reader(new Uint8Array(data));
  }

  const UTF8 = new TextDecoder();

  class Reader {
    constructor(bytes) {
      this.bytes = bytes;
      this.at = 0;
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

    take(size) {
      this.at += size;
      return this.bytes.subarray(this.at - size, this.at);
    }

    json() {
      return JSON.parse(UTF8.decode(this.take(this.number())));
    }

    // Terms in order, each told by what it does not share with the one before; `more` reads what stands behind each.
    terms(more) {
      const written = new Uint8Array(1 << 12);
      const found = [];
      for (let count = this.number(); count; count -= 1) {
        const shared = this.number();
        const size = shared + this.number();
        written.set(this.take(size - shared), shared);
        found.push(more(UTF8.decode(written.subarray(0, size))));
      }
      return found;
    }

    // Files in order: the term and perhaps the key that each begins with, and its name.
    directory() {
      const files = this.terms((start) => {
        const key = this.number();
        return new Listed(start, key ? ((key - 1) % 2 ? -key / 2 : (key - 1) / 2) : null);
      });
      for (const file of files) file.digest = this.take(5);
      return files;
    }
  }

  class Listed {
    constructor(start, key) {
      this.start = start;
      this.key = key;
    }

    // Its digest in base32: read of the few files that are asked for, as there are hundreds.
    get name() {
      let bits = 0n;
      for (const byte of this.digest) bits = (bits << 8n) | BigInt(byte);
      return bits.toString(32).padStart(8, "0").replace(/./g, (digit) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(digit, 32)]);
    }
  }

  // The last of `files` that begins at or before `term`, or before it alone.
  function place(files, term) {
    let low = 0;
    let high = files.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (files[middle].start <= term) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  // Days by number: how many stories come before, how many it has, where each run of one moment ends, its groups' marks (bytes).
  function daysOf(label, reader) {
    const found = new Map();
    let before = 0;
    let month = 0;
    let start = UNDATED;
    for (let count = reader.number(); count; count -= 1) {
      const number = reader.number();
      const size = reader.number();
      const ends = [];
      for (let end = 0; end < size; ) ends.push((end += reader.number()));
      if (Math.floor(number / 100) !== month) {
        month = Math.floor(number / 100);
        start = Date.parse(`${label}-${String(month).padStart(2, "0")}-01`) / DAY - 1;
      }
      const day = start + (number % 100); // the undated: 0
      found.set(day, { before, size, ends });
      before += size;
    }
    for (const day of found.values()) day.marks = reader.take(MARK * Math.ceil(day.size / PER_GROUP));
    return found;
  }

  class Index {
    constructor(manifest) {
      this.head = manifest.json();
      if (this.head.format !== FORMAT) throw new Error(`the search index has format ${this.head.format}; this page reads ${FORMAT}`);
      this.shards = manifest.directory();
      this.span = 2 ** this.head.bits;
      this.years = new Map(this.head.years.map(([label, stories, days, names]) => [label, { label, stories, days, names }]));
      this.files = new Map();
      for (const [label, { days }] of this.years) if (!days) this.files.set(`y/${label}`, Promise.resolve(daysOf(label, manifest)));
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

    shard(number) {
      return this.file(`t/${this.shards[number].name}`, (reader) => {
        const terms = new Map();
        let end = 0;
        reader.terms((term) => {
          const stories = reader.number();
          const begin = end;
          end += reader.number();
          terms.set(term, { stories, begin });
        });
        return { terms, bytes: reader.bytes, start: reader.at };
      });
    }

    // The stories that have `term`: their keys (ascending), weighted counts and coded lengths. A facet has keys alone.
    async postings(term) {
      const number = place(this.shards, term);
      if (number < 0) return NONE;
      const { terms, bytes, start } = await this.shard(number);
      const entry = terms.get(term);
      if (!entry) return NONE;
      if (!entry.postings) {
        const reader = new Reader(bytes);
        reader.at = start + entry.begin;
        const keys = new Float64Array(entry.stories);
        keys[0] = reader.signed();
        for (let at = 1; at < keys.length; at += 1) keys[at] = keys[at - 1] + reader.number();
        entry.postings = { keys };
        if (!term.includes(":")) {
          entry.postings.counts = Uint32Array.from(keys, () => reader.number());
          entry.postings.lengths = reader.take(keys.length);
        }
      }
      return entry.postings;
    }

    // The terms that begin with `prefix`; no facets.
    async termsFrom(prefix) {
      const shards = [];
      for (let at = Math.max(0, place(this.shards, prefix)); at < this.shards.length; at += 1) {
        const { start } = this.shards[at];
        if (start > prefix && !start.startsWith(prefix)) break;
        shards.push(this.shard(at));
      }
      const found = (await Promise.all(shards)).flatMap(({ terms }) => [...terms.keys()]);
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
      return this.file(`y/${this.years.get(label).days || label}`, (reader) => daysOf(label, reader));
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
      const stories = await this.file(`d/${date.slice(0, 4) || "undated"}/${name}`, (reader) => JSON.parse(UTF8.decode(reader.bytes)));
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
      const manifest = arrived.has("manifest") ? unpack(taken("manifest")) : load("manifest", fresh ? `?${Date.now()}` : "");
      opened = manifest.then((reader) => new Index(reader));
      opened.catch(() => (opened = undefined));
    }
    return opened;
  };
  search.forget = () => (opened = undefined);
  Object.assign(search, { LoadError, Reader, UNDATED, lower, place });
})();
