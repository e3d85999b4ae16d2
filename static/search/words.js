// Text to the terms that are indexed and asked for: the twin of builder/search/text/words.py, which states every rule.
"use strict";

(() => {
  const search = ((window.morgue ??= /** @type {Morgue} */ ({})).search ??= /** @type {Search} */ ({}));
  const LONGEST = 64;
  const RUN =
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u0f00\u0f18-\u0f19\u0f2a-\u0f33" +
    "\u0f35\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6" +
    "\u1000-\u103f\u104e\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa76" +
    "\uaa7a-\uaa7f" +
    "\u1780-\u17d3\u17d7\u17dc-\u17dd\u17f0-\u17f9\u1950-\u19c9\u19da\u1a20-\u1a7f\u1aa7" +
    "\uaa80-\uaadd\u{11700}-\u{1172b}\u{1173a}-\u{1173b}\u{11740}-\u{11746}" +
    "\u1a00-\u1a1b\u1b00-\u1b4c\u1b6b-\u1b73\u1bc0-\u1bf3\ua930-\ua953\ua980-\ua9c0" +
    "\uaa00-\uaa4d\u{11ee0}-\u{11ef6}\u{11f00}-\u{11f42}\u{11f5a}" +
    "\u{11000}-\u{11046}\u{11052}-\u{11065}\u{11070}-\u{1107f}\u{11300}-\u{113d3}" +
    "\u{113e1}-\u{113e2}\u{11900}-\u{11943}\u{16100}-\u{1612f}" +
    "\u1100-\u11ff\u302e-\u302f\u3131-\u318e\ua960-\ua97c\uac00-\ud7fb" +
    "\u3005-\u3007\u3021-\u3029\u3031-\u3035\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa" +
    "\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff" +
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}" +
    "\ua000-\ua48c\ua500-\ua60c\ua610-\ua61f\ua62a-\ua62b\u{16fe0}-\u{16fe1}" +
    "\u{16fe3}-\u{1b2fb}";
  const IGNORABLE =
    "\u00ad\u034f\u061c\u0f0b\u0f0c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff\u{e0100}-\u{e01ef}";
  const IGNORED_ALL = new RegExp(`[${IGNORABLE}]`, "gu");
  // White space as Python has it: \s here has U+FEFF and lacks U+001C to U+001F and U+0085.
  const SPACE = "\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";
  const LETTER = `(?![${RUN}])[\\p{L}\\p{Nl}\\p{No}]`;
  const MORE = `(?:(?![${RUN}])[\\p{L}\\p{N}\\p{M}])*`;
  // Runs, as the first group, and words.
  const RUN_OR_WORD = new RegExp(
    `((?=[\\p{L}\\p{N}])[${RUN}]+)|${LETTER}(?:\\.${LETTER})+(?!\\.?[\\p{L}\\p{N}\\p{M}])` +
      `|${LETTER}[-\u2010](?:${LETTER}){2}${MORE}|(?![${RUN}])[\\p{L}\\p{N}]${MORE}`,
    "gu",
  );
  // The same in a folded text of ASCII alone, without the tables of all scripts.
  const ASCII_WORD = /[a-z](?:\.[a-z])+(?!\.?[a-z\d])|[a-z]-[a-z]{2}[a-z\d]*|[a-z\d]+/g;
  const JOINTS = /[-.\u2010]/g; // what may stand inside a word
  const RUN_LETTER = new RegExp(`^[${RUN}]`, "u");
  // Letters that fold one to one (ASCII, Han), as far as nothing can belong to the last; or any letter with all that does.
  const CLUSTER = new RegExp(
    `([\\x00-\\x7f\u4e00-\u9fff]+(?![^\\x00-\\x7f\u4e00-\u9fff]))|(?:[\u1100-\u11ff]+|[^])[\\p{M}\uff9e\uff9f${IGNORABLE}]*`,
    "gu",
  );
  const WITH_ACCENTS =
    /([a-z\u00df-\u024f\u0370-\u052f\u0710-\u074f\u1e00-\u1fff\u2c60-\u2cff\ua640-\ua69f\ua720-\ua7ff])[\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff]+/gu;
  /** @type {Record<string, string>} */
  const PLAIN = { ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", ı: "i", æ: "ae", œ: "oe", þ: "th" };

  /** @type {Record<string, string>} */
  const ONE_FOR_ANOTHER = { آ: "ا", أ: "ا", إ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ئ: "ي", ؤ: "و", ة: "ه", ک: "ك", ß: "ss", ς: "σ" };
  // Points and vowel signs of Hebrew, Arabic and Syriac, the lone hamza, the tatweel.
  const UNWRITTEN =
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0621\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8" +
    "\u06ea-\u06ed\u0730-\u074a\u08d3-\u08e1\u08e3-\u08ff";
  const CHANGES = new RegExp(`[${Object.keys(ONE_FOR_ANOTHER).join("")}${UNWRITTEN}]|(?!\\d)\\p{Nd}`, "gu");

  // Texts in which every word is ASCII and stands where it stands in the folded text: with printers' quotes, dashes and spaces at most.
  /** @param {string} text */
  const isPlain = (text) => /^[\0-\x7f\xa0\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*$/.test(text);
  /** @param {string} text */
  const isAscii = (text) => /^[\0-\x7f]*$/.test(text);
  /** @param {string} word */
  const isStemmed = (word) => /^[a-z]+$/i.test(word);

  // The digits of every script stand in tens, from its zero on.
  /** @param {string} digit */
  function asciiDigit(digit) {
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((code - zero) % 10);
  }

  /** @param {string} letter */
  const change = (letter) => ONE_FOR_ANOTHER[letter] ?? (/\p{Nd}/u.test(letter) ? asciiDigit(letter) : "");

  /** @param {string} text */
  function fold(text) {
    if (isAscii(text)) return text.toLowerCase();
    return text.replace(IGNORED_ALL, "").normalize("NFKC").toLowerCase().replace(CHANGES, change);
  }

  /** @param {string} word */
  function plain(word) {
    const bare = word.normalize("NFD").replace(WITH_ACCENTS, "$1").normalize("NFC");
    return bare.replace(/[øłđðħŧıæœþ]/g, (letter) => PLAIN[letter]);
  }

  /**
   * Words of a folded text, and runs of its scripts without spaces.
   * @param {string} foldedText
   */
  function runs(foldedText) {
    /** @type {Run[]} */
    const words = [];
    for (const { 0: whole, 1: run, index: start } of foldedText.matchAll(isPlain(foldedText) ? ASCII_WORD : RUN_OR_WORD)) {
      const isWord = run === undefined;
      let text = whole;
      if (isWord) {
        text = [...text.replace(JOINTS, "")].slice(0, LONGEST).join("");
        if (!isAscii(text)) text = plain(text);
      }
      if (text) words.push({ text, start, end: start + whole.length, isWord });
    }
    return words;
  }

  /**
   * Whether a term is one of a run, not a word.
   * @param {string} term
   */
  const isOfRun = (term) => RUN_LETTER.test(term);

  /**
   * The terms of a run: ABC gives AB, BC, C.
   * @param {string} run
   */
  function bigrams(run) {
    const letters = [...run];
    return letters.map((letter, at) => letter + (letters[at + 1] ?? ""));
  }

  /** @param {string} text */
  const wordsOf = (text) => runs(fold(text)).flatMap((run) => (run.isWord ? run.text : bigrams(run.text)));

  // Porter's stemmer, with the turns that Whoosh's takes: after -ed and -ing only two letters are ever mended.
  const C = "[^aeiouy]+";
  const V = "[aeiou]+";
  const ONE = new RegExp(`^(?:${C})?${V}${C}`);
  const TWO = new RegExp(`^(?:${C})?${V}${C}${V}${C}`);
  const JUST_ONE = new RegExp(`^(?:${C})?${V}${C}(?:${V})?$`);
  const VOWEL = new RegExp(`^(?:${C})?[aeiouy]`);
  const SHORT = new RegExp(`^${C}[aeiouy][^aeiouwxy]$`);
  /** @type {Record<string, string>} */
  const SECOND = {
    ational: "ate",
    tional: "tion",
    enci: "ence",
    anci: "ance",
    izer: "ize",
    bli: "ble",
    alli: "al",
    entli: "ent",
    eli: "e",
    ousli: "ous",
    ization: "ize",
    ation: "ate",
    ator: "ate",
    alism: "al",
    iveness: "ive",
    fulness: "ful",
    ousness: "ous",
    aliti: "al",
    iviti: "ive",
    biliti: "ble",
    logi: "log",
  };
  /** @type {Record<string, string>} */
  const THIRD = { icate: "ic", ative: "", alize: "al", iciti: "ic", ical: "ic", ful: "", ness: "" };
  /** @param {string[]} suffixes */
  const ending = (suffixes) => new RegExp(`^(.+?)(${suffixes.join("|")})$`);
  const IN_SECOND = ending(Object.keys(SECOND));
  const IN_THIRD = ending(Object.keys(THIRD));
  const IN_FOURTH = ending("al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize".split(" "));

  /** @param {string} word */
  function stem(word) {
    if (word.length < 3) return word;
    const isY = word[0] === "y";
    let result = isY ? `Y${word.slice(1)}` : word;
    /** @type {(pattern: RegExp, by: Record<string, string>) => void} */
    const replace = (pattern, by) => {
      const [, root, suffix] = pattern.exec(result) ?? [];
      if (root && ONE.test(root)) result = root + by[suffix];
    };
    if (/(?:ss|i)es$/.test(result)) result = result.slice(0, -2);
    else if (/[^s]s$/.test(result)) result = result.slice(0, -1);
    if (result.endsWith("eed")) {
      if (ONE.test(result.slice(0, -3))) result = result.slice(0, -1);
    } else {
      const root = /^(.*)(?:ed|ing)$/.exec(result)?.[1];
      if (root !== undefined && VOWEL.test(root)) {
        result = root;
        if (/^(?:at|bl|iz)$/.test(root) || (SHORT.test(root) && !/^([^aeiouylsz])\1$/.test(root))) result += "e";
        else if (/^([^aeiouylsz])\1$/.test(root)) result = root.slice(0, -1);
      }
    }
    if (result.endsWith("y") && VOWEL.test(result.slice(0, -1))) result = `${result.slice(0, -1)}i`;
    replace(IN_SECOND, SECOND);
    replace(IN_THIRD, THIRD);
    const fourth = IN_FOURTH.exec(result)?.[1];
    const root = fourth ?? /^(.+?[st])ion$/.exec(result)?.[1];
    if (root && TWO.test(root)) result = root;
    const last = /^(.+?)e$/.exec(result)?.[1];
    if (last && (TWO.test(last) || (JUST_ONE.test(last) && !SHORT.test(last)))) result = last;
    if (result.endsWith("ll") && TWO.test(result)) result = result.slice(0, -1);
    return isY ? `y${result.slice(1)}` : result;
  }

  /** @type {Map<string, string>} */
  const stems = new Map();

  /** @param {string} word */
  function termOf(word) {
    if (!isStemmed(word)) return word;
    let term = stems.get(word);
    if (!term) stems.set(word, (term = stem(word) || word));
    return term;
  }

  /**
   * A text folded, and from where to where in it each letter of that comes.
   * @param {string} text
   * @returns {[string, (at: number) => number, (at: number) => number]}
   */
  function align(text) {
    if (isPlain(text)) return [text.toLowerCase(), (at) => at, (at) => at + 1];
    let foldedText = "";
    /** @type {number[]} */
    const starts = [];
    /** @type {number[]} */
    const ends = [];
    for (const { 0: cluster, 1: plainly, index } of text.matchAll(CLUSTER)) {
      const piece = fold(cluster);
      foldedText += piece;
      for (let unit = 0; unit < piece.length; unit += 1) {
        starts.push(plainly ? index + unit : index);
        ends.push(plainly ? index + unit + 1 : index + cluster.length);
      }
    }
    return [foldedText, (at) => starts[at], (at) => ends[at]];
  }

  /**
   * The term at each position of a text, and where it stands there. A word that begins with none of `initials`
   * is left as it is written: its term begins with the same letter, and is not asked for.
   * @param {string} text
   * @param {Set<string> | null} [initials]
   */
  function locate(text, initials = null) {
    /** @type {Token[]} */
    const tokens = [];
    /** @param {string} word */
    const term = (word) => (!initials || initials.has(word[0]) ? termOf(word) : word);
    const [foldedText, startOf, endOf] = align(text);
    for (const { text: run, start, end, isWord } of runs(foldedText)) {
      if (isWord) {
        tokens.push({ term: term(run), start: startOf(start), end: endOf(end - 1) });
      } else {
        let at = start;
        for (const letters of bigrams(run)) {
          tokens.push({ term: letters, start: startOf(at), end: endOf(at + letters.length - 1) });
          at += (letters.codePointAt(0) ?? 0) > 0xffff ? 2 : 1;
        }
      }
    }
    return tokens;
  }

  search.words = { fold, runs, wordsOf, bigrams, isOfRun, isStemmed, termOf, locate, SPACE };
})();
