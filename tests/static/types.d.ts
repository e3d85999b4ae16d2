// The types of what the scripts in static/ share: the one global `morgue`, the search index, the query tree, the hits.
// Nothing of it is published; `make lint` checks the scripts against it.

interface Window {
  morgue: Morgue;
}

/** Every script adds its own part, whichever comes first. */
interface Morgue {
  /** The way from this page to the site's root: `../../` or "". */
  root: string;
  /** The interface's language, with the calendar and the digits of its pages, for Intl. */
  locale: string;
  search: Search;
  /** Called by on-this-day/MM-DD.js. */
  onThisDay(stories: { year: number; title: string; language: string; url: string }[]): void;
  /** Called by on-this-day/days.js: the months with stories, and the days of each as bits, in base 36; years alone have "". */
  calendarDays(months: Record<string, string>): void;
  load(path: string): void;
}

interface Search {
  words: Words;
  query: Query;
  /** What files handed over before they were asked for, by name. */
  pending: Map<string, string>;
  deliver(name: string, payload: string): void;
  takePending(name: string): Promise<Reader> | undefined;
  include(path: string, query?: string): Promise<unknown>;
  load(name: string, query?: string): Promise<Reader>;
  LoadError: new (file: string) => LoadError;
  Reader: new (bytes: Uint8Array<ArrayBuffer>, at?: number) => Reader;
  FileDirectory: new (reader: Reader) => FileDirectory;
  lower(keys: ArrayLike<number>, key: number): number;
  UNDATED: number;
  open(isFresh?: boolean): Promise<Index>;
  forget(): void;
  intersection(a: Float64Array, b: Float64Array): Float64Array;
  union(lists: Float64Array[]): Float64Array;
  search(question: Partial<Question>): Promise<Answer>;
  Searcher: new (index: Index, query: QueryNode) => Searcher;
  lazy: Lazy;
  loadLazy(): Promise<Lazy>;
  matcher(phrases: Phrase[], termsOf: (part: QueryPart) => Set<string>): Matcher;
  marks(text: string, matcher: Matcher): Mark[];
  excerpt(text: string, matcher: Matcher): Marked;
  exportResults(
    form: string,
    isCopied: boolean,
    answer: Pick<Answer, "total" | "stories">,
    progress: (count: number, total: number) => void,
  ): Promise<boolean>;
  page: SearchPage;
}

// -- words ----------------------------------------------------------------------------------------------------------------

interface Run {
  text: string;
  start: number;
  end: number;
  isWord: boolean;
}

/** The term at a position of a text and where it stands there, in UTF-16 units. */
interface Token {
  term: string;
  start: number;
  end: number;
}

interface Words {
  fold(text: string): string;
  runs(folded: string): Run[];
  wordsOf(text: string): string[];
  bigrams(run: string): string[];
  isOfRun(term: string): boolean;
  isStemmed(word: string): boolean;
  termOf(word: string): string;
  locate(text: string, initials?: Set<string> | null): Token[];
  /** White space as Python has it, to stand in a character class. */
  SPACE: string;
}

// -- the query tree -------------------------------------------------------------------------------------------------------

interface QueryPart {
  kind: "term" | "prefix" | "character";
  text: string;
}

interface Phrase {
  kind: "phrase";
  parts: QueryPart[];
  /** How many positions after the first part each stands. */
  offsets: number[];
  title: boolean;
}

interface QueryFacet {
  kind: "facet";
  name: string;
  slug: string;
}

interface QueryPeriod {
  kind: "period";
  since: string;
  until: string;
}

interface QueryNot {
  kind: "not";
  node: QueryNode;
}

interface QueryGroup {
  kind: "and" | "or";
  nodes: QueryNode[];
}

type QueryNode = Phrase | QueryFacet | QueryPeriod | QueryNot | QueryGroup;

/** A date that is none. */
interface QueryError extends Error {
  text: string;
}

type Filters = Record<string, string[]>;

interface Query {
  parse(text: string, facets: string[]): QueryNode;
  compose(text: string, facets: string[], filters?: Filters, since?: string, until?: string): QueryNode;
  phrases(node: QueryNode): Iterable<Phrase>;
  slugify(text: string): string;
  QueryError: new (text: string) => QueryError;
}

// -- the index ------------------------------------------------------------------------------------------------------------

interface LoadError extends Error {
  file: string;
}

interface Reader {
  bytes: Uint8Array<ArrayBuffer>;
  at: number;
  number(): number;
  signed(): number;
  numbers<Numbers extends Uint32Array | Float64Array>(numbers: Numbers): Numbers;
  begins(count: number): Uint32Array<ArrayBuffer>[];
  take(size: number): Uint8Array<ArrayBuffer>;
  text(): string;
  terms(): string[];
}

interface FileDirectory {
  isOfDirectories: boolean;
  starts: string[];
  /** The first key in files that begin within a term, by number. */
  keys: Map<number, number>;
  place(term: string): number;
  places(prefix: string): number[];
  name(number: number): string;
}

/** What the manifest says of the whole index, written by builder/search/browser/layout.py. */
interface Head {
  format: number;
  /** How many bits of a key number the stories of its day. */
  bits: number;
  stories: number;
  /** The sum of the stories' lengths, weighted. */
  length: number;
  positions: string;
  words: string;
  years: [label: string, stories: number, days: string, names: string][];
  facets: string[];
  weights: { title: number; names: number; body: number };
  k1: number;
  b: number;
  perFile: number;
  perGroup: number;
  /** What a file of stories says of each, in its order. */
  hit: (keyof StoryRecord)[];
}

interface Year {
  label: string;
  stories: number;
  days: string;
  names: string;
}

interface Day {
  /** How many stories of its year come before it. */
  before: number;
  size: number;
  moments: number;
  /** Where each run of stories of one moment ends; null where each has a moment of its own. */
  ends: Uint32Array | null;
  digests: Uint8Array;
}

/** Stories that have something: keys, ascending; how often, weighted; and how long each is, coded. */
interface Postings {
  keys: Float64Array;
  counts: ArrayLike<number>;
  lengths: ArrayLike<number>;
}

interface Index {
  head: Head;
  span: number;
  years: Map<string, Year>;
  directoryWith(directory: FileDirectory, term: string): Promise<FileDirectory>;
  directory(name: string): Promise<FileDirectory>;
  positions(): Promise<FileDirectory>;
  names(directory: FileDirectory, prefix: string): Promise<string[]>;
  file<Content>(name: string, read: (reader: Reader) => Content): Promise<Content>;
  postings(term: string): Promise<Postings>;
  termsFrom(prefix: string): Promise<string[]>;
  day(key: number): number;
  slot(key: number): number;
  date(key: number): string;
  key(date: string): number;
  days(label: string): Promise<Map<number, Day>>;
  allIds(): Promise<Float64Array>;
  story(key: number): Promise<StoryRecord>;
}

// -- answers --------------------------------------------------------------------------------------------------------------

/** A search as its address holds it. */
interface Question {
  query: string;
  filters: Filters;
  since: string;
  until: string;
  sort: string;
  /** From 1. */
  page: number;
}

/** What the index tells of a story. */
interface StoryRecord {
  url: string;
  title: string;
  date: string;
  updated: string;
  source: string;
  agency: string[];
  byline: string[];
  section: string;
  type: string;
  tags: string[];
  language: string;
  summary: string;
  original_url: string;
  id: string;
  text: string;
  dateline: string;
  slugline: string;
  archived_url: string;
  captured_at: string;
  rights: string;
}

type Story = StoryRecord & { score: number };

/** From where to where something stands in a text, in UTF-16 units. */
type Mark = [start: number, end: number];

interface Marked {
  text: string;
  marks: Mark[];
}

interface Matcher {
  phrases: { sets: Set<string>[]; offsets: number[]; isCharacter: boolean }[];
  initials: Set<string>;
}

type Hit = Omit<Story, "text"> & { excerpt: Marked; shown: { title: Marked; agency: Marked[]; names: Marked[] } };

interface FacetValue {
  slug: string;
  name: string;
  count: number;
  /** Whether it is a language range with no more than one language in it. */
  isRange?: boolean;
}

interface Answer {
  total: number;
  /** How many hits each year has; "" are the undated. */
  years: Map<string, number>;
  hits(from: number, to: number): Promise<Hit[]>;
  stories(from: number, to: number): Promise<Story[]>;
  facets(): Promise<Record<string, FacetValue[]>>;
  suggestion(): Promise<string | null>;
}

/** A query, asked of one index. */
interface Searcher {
  index: Index;
  query: QueryNode;
  termsOf(part: QueryPart): Promise<string[]>;
  counts(phrase: Phrase): Promise<Postings>;
  /** The keys, ascending, of the stories that `node` means. */
  matches(node: QueryNode): Promise<Float64Array>;
  scores(keys: Float64Array): Promise<Float64Array>;
}

interface ResultSet {
  index: Index;
  keys: Float64Array;
  years(): Map<string, number>;
}

interface Lazy {
  sideBySide(index: Index, phrase: Phrase, parts: (Postings & { term: string })[][]): Promise<Postings>;
  wordsFrom(index: Index, prefix: string): Promise<[word: string, size: number][]>;
  facets(results: ResultSet): Promise<Record<string, FacetValue[]>>;
  suggestion(index: Index, query: string): Promise<string | null>;
}

// -- the search page ------------------------------------------------------------------------------------------------------

type Ask = (change: Partial<Question>, isCommitted?: boolean) => void;

/** The parts of the search page; each is given what it needs of the others. */
interface SearchPage {
  address: {
    read(facets: string[]): Question;
    of(question: Question): string;
    isAsked(question: Question): boolean;
  };
  elements: {
    section: HTMLElement;
    box: HTMLInputElement;
    messages: DOMStringMap;
    number: Intl.NumberFormat;
    part(selector: string): HTMLElement;
    byId<Kind extends HTMLElement>(id: string): Kind;
    element(name: string, attributes?: Record<string, unknown>, ...children: (Node | string)[]): HTMLElement;
    fill(text: string | undefined, values: Record<string, unknown>): string;
    around(text: string, child: Node): (Node | string)[];
    shorten(query: string): string;
    withMarks(text: Marked): (Node | string)[];
    redraw(container: Element, children: Node[]): void;
    storyCount(total: number): string;
    day(date: string): string;
    typeName(slug: string, name: string): string;
    languageName(tag: string): string;
  };
  results: {
    draw(total: number, hits: Hit[], question: Question): void;
    clear(): void;
    drawPages(total: number, perPage: number, question: Question, turn: (page: number) => void): void;
    drawSuggestion(query: string | null, question: Question, choose: (query: string) => void): void;
    focusFirst(): void;
  };
  years: { draw(years: Map<string, number>, question: Question, ask: Ask): void };
  facets: {
    count(answer: Answer, question: Question): Promise<Record<string, FacetValue[]>>;
    draw(facets: Record<string, FacetValue[]>, question: Question, ask: Ask): void;
    drawChips(question: Question, ask: Ask): void;
    clear(): void;
  };
  keyboard: { start(): void };
}
