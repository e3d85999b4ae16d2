// The files of the search index: loaded as they are needed, from file:// too, unpacked, and read number by number.
// builder/search/browser/ says how they are written.
"use strict";

(() => {
  const morgue = (window.morgue ??= /** @type {Morgue} */ ({}));
  const search = (morgue.search ??= /** @type {Search} */ ({}));
  const NAME_BYTES = 5;
  const ESCAPE = 1;
  const UTF8 = new TextDecoder();

  class LoadError extends Error {
    /** @param {string} file */
    constructor(file) {
      super(`${file} could not be loaded`);
      this.file = file;
    }
  }

  // Run the script at `path` (from the site's root), past every cache with a `query` of its own.
  search.include = (path, query = "") => {
    const script = document.createElement("script");
    return new Promise((resolve, reject) => {
      script.src = (morgue.root ?? "") + path + query;
      script.onload = resolve;
      script.onerror = () => reject(new LoadError(path));
      document.head.append(script);
    }).finally(() => script.remove());
  };

  // What scripts hand over, until it is read; early.js has what came before this script.
  search.pending ??= new Map();
  search.deliver = (name, payload) => search.pending.set(name, payload);
  search.takePending = (name) => {
    const payload = search.pending.get(name);
    search.pending.delete(name);
    if (payload === undefined) return undefined;
    const units = new Uint16Array(payload.length);
    for (let at = 0; at < payload.length; at += 1) units[at] = payload.charCodeAt(at);
    return unpack(units);
  };

  // From file:// scripts alone may be loaded. A server sends the same scripts, and to take them as data is quicker than to run them.
  search.load = (name, query = "") => (location.protocol === "file:" ? runScript : fetchScript)(name, `search/${name}.js`, query);

  /** @type {(name: string, path: string, query: string) => Promise<Reader>} */
  async function runScript(name, path, query) {
    await search.include(path, query);
    const reader = search.takePending(name);
    if (!reader) throw new LoadError(path);
    return reader;
  }

  /** @type {(name: string, path: string, query: string) => Promise<Reader>} */
  async function fetchScript(name, path, query) {
    let units;
    try {
      const response = await fetch((morgue.root ?? "") + path + query);
      const data = response.ok ? await response.arrayBuffer() : new ArrayBuffer(0);
      units = new Uint16Array(data, 0, data.byteLength >> 1);
    } catch {
      return runScript(name, path, query); // where no connection is allowed (Content-Security-Policy), scripts still may be
    }
    if (units[0] !== 0xfeff) throw new LoadError(path); // it is not there, whatever page says so
    return unpack(units.subarray(`\ufeffmorgue.search.deliver("${name}","`.length, -'");\n'.length));
  }

  /**
   * Whether the last byte is filling, then two bytes a character, deflated; see builder/search/browser/scripts.py.
   * @param {Uint16Array<ArrayBuffer>} units
   */
  async function unpack(units) {
    const filling = units[0] - 48;
    let size = 0;
    let from = 1;
    /** @param {number} end */
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

  class Reader {
    /** @param {Uint8Array<ArrayBuffer>} bytes */
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

    /**
     * Fill the array `numbers`. One loop for all: most of it runs before the browser has compiled anything.
     * @template {Uint32Array | Float64Array} Numbers
     * @param {Numbers} numbers
     */
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

    /**
     * Where in each of two columns `count` pieces begin. All their sizes stand here, then both columns, which are passed over.
     * @param {number} count
     */
    begins(count) {
      const sizes = this.numbers(new Uint32Array(2 * count));
      const begins = sizes.map((size) => (this.at += size) - size);
      return [begins.subarray(0, count), begins.subarray(count)];
    }

    /** @param {number} size */
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
  // In a large archive they are directories, each of a part of the files.
  class FileDirectory {
    /** @param {Reader} reader */
    constructor(reader) {
      this.isOfDirectories = reader.number() === 1;
      this.starts = reader.terms();
      /** @type {Map<number, number>} */
      this.keys = new Map();
      let number = 0;
      for (let count = reader.number(); count; count -= 1) this.keys.set((number += reader.number()), reader.signed());
      this.digests = reader.take(NAME_BYTES * this.starts.length);
    }

    /**
     * The number of the last file that begins at or before `term`; -1 where there is none.
     * @param {string} term
     */
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

    /**
     * The numbers of the files in which terms that begin with `prefix` may stand.
     * @param {string} prefix
     */
    places(prefix) {
      const places = [];
      for (let at = Math.max(0, this.place(prefix)); at < this.starts.length; at += 1) {
        if (this.starts[at] > prefix && !this.starts[at].startsWith(prefix)) break;
        places.push(at);
      }
      return places;
    }

    /**
     * A digest in base32.
     * @param {number} number
     */
    name(number) {
      let bits = 0n;
      for (const byte of this.digests.subarray(NAME_BYTES * number, NAME_BYTES * (number + 1))) bits = (bits << 8n) | BigInt(byte);
      const digits = bits.toString(32).padStart(8, "0");
      return digits.replace(/./g, (digit) => "abcdefghijklmnopqrstuvwxyz234567"[parseInt(digit, 32)]);
    }
  }

  // How many of `keys` (ascending) are below `key`.
  search.lower = (keys, key) => {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  Object.assign(search, { LoadError, Reader, FileDirectory });
})();
