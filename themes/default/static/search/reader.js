// Searches an Exempla site from its search pack (docs/search-pack.md, version 3).
//
//   const reader = open("/search/", { lang: "en" });
//   const { total, hits, facets } = await reader.search("open data", { filters: { type: ["practice"] } });
//
// It answers as `exempla search --json` does, and trusts nothing it fetches: a
// file that is missing, cut, swapped or of another build makes it fetch the
// manifest again, once; after that the answer has an `error` and no hits.

const VERSION = 3, HEAD = 24, BLOCK = 32, LARGEST = 1 << 26;
const COMPLETIONS = 4, GUESSES = 3, MOST_WORDS = 64, MOST_READINGS = 8, LONGEST_WORD = 48;

// --- Words, rule for rule as in src/search/pieces.rs ---

const UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}";
const MARK = "\\p{M}\\xad\\u200c\\u200d\\u2060";
const ALNUM = "[\\p{Alphabetic}\\p{N}]";
const PIECE = new RegExp(`(?![${MARK}${UNSPACED}])${ALNUM}(?:[${MARK}]|(?![${UNSPACED}])${ALNUM})*|(?:(?![${MARK}])(?=[${UNSPACED}])${ALNUM}[${MARK}]*)+`, "gu");
const UNIT = new RegExp(`(?![${MARK}])[${UNSPACED}][${MARK}]*`, "gu");
const ONE_UNIT = new RegExp(`^[${UNSPACED}]`, "u");
const ACCENTS = /[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]/g;
const HYPHEN = /^[-\u2010\u2011]$/;
const LETTERS = { "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ς": "σ" };

export function fold(word) {
  // Most words need none of it.
  if (/^[a-z0-9]*$/i.test(word)) return word.toLowerCase().slice(0, LONGEST_WORD);
  const bare = word.normalize("NFKD").replace(ACCENTS, "").normalize("NFC").toLowerCase();
  const plain = bare.replace(ACCENTS, "").replace(/[ßæœøđħıłς]/g, letter => LETTERS[letter]);
  const kept = plain.replace(/[^\p{Alphabetic}\p{N}\p{M}]/gu, "");
  return kept.length > LONGEST_WORD ? [...kept].slice(0, LONGEST_WORD).join("") : kept;
}

// The words of a text: { text, kind, start, end }, of the kind "word", "pair" or "compound".
export function words(text) {
  const found = [];
  const add = (start, end, kind = "word") => {
    const word = fold(text.slice(start, end));
    if (word) found.push({ text: word, kind, start, end });
  };
  // The word before, if it was one, and whether a hyphen joins it to another.
  let before, chained = false;
  for (const run of text.matchAll(PIECE)) {
    const { 0: own, index } = run, end = index + own.length;
    const units = ONE_UNIT.test(own) ? [...own.matchAll(UNIT)] : [];
    const joined = before && !units.length && HYPHEN.test(text.slice(before.index + before[0].length, index));
    if (joined && !chained && !/\p{N}/u.test(before[0])) add(before.index, end, "compound");
    if (units.length < 2) add(index, end);
    for (let i = 1; i < units.length; i++) {
      add(index + units[i - 1].index, index + units[i].index + units[i][0].length, "pair");
    }
    before = !units.length && run;
    chained = joined;
  }
  return found;
}

// A query taken apart, as in src/search/query.rs.
function parse(text, facets) {
  const query = { words: [], phrases: [], excluded: [], filters: [], open: false, help: new Set() };
  const upto = (from, stop) => {
    stop.lastIndex = from;
    return stop.exec(text)?.index ?? text.length;
  };
  const solid = at => at < text.length && !/[\s\x85]/.test(text[at]);
  let left = MOST_WORDS;
  for (let at = 0; (at = upto(at, /[^\s\x85]/g)) < text.length;) {
    const refused = text[at] === "-" && solid(at + 1);
    if (refused) at++;
    const colon = upto(at, /[\s\x85"“”„«»:]/g);
    const name = text.slice(at, colon);
    const facet = text[colon] === ":" && solid(colon + 1) && facets.includes(name);
    if (facet) at = colon + 1;
    const quoted = at < text.length && /["“”„«»]/.test(text[at]);
    if (quoted) at++;
    const end = upto(at, quoted ? /["“”„«»]/g : /[\s\x85"“”„«»]/g);
    const start = at, inside = text.slice(start, end);
    at = quoted ? end + 1 : end;
    if (quoted && end === text.length) query.help.add("unclosed-quote");
    if (facet) {
      query.filters.push({ facet: name, value: inside, refused });
      continue;
    }
    let tokens = words(inside);
    if (tokens.length > left) {
      query.help.add("too-long");
      tokens = tokens.slice(0, left);
    }
    left -= tokens.length;
    if (!tokens.length) continue;
    for (const token of tokens) token.start += start, token.end += start;
    query.open = !refused && !quoted && tokens.at(-1).end === text.length;
    if (refused) query.excluded.push(tokens);
    else if (quoted) query.phrases.push(tokens);
    else query.words.push(...tokens);
  }
  const { words: w, phrases: p, excluded: e, filters: f } = query;
  if (!(w.length + p.length + e.length + f.length) && /[^\s\x85]/.test(text)) query.help.add("nothing-to-search");
  return query;
}

// --- Bytes ---

const damaged = what => new Error(`search pack damaged: ${what}`);

class Bytes {
  constructor(list, at = 0, end = list.length) { Object.assign(this, { list, at, end }); }
  byte() {
    if (this.at >= this.end) throw damaged("short");
    return this.list[this.at++];
  }
  number() {
    for (let value = 0, scale = 1; scale < 2 ** 35; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw damaged("number");
  }
  // A count of things that take a byte each at least.
  count(rest = this.number()) {
    if (rest > this.end - this.at) throw damaged("count");
    return rest;
  }
  numbers(count) {
    const numbers = new Uint32Array(this.count(count)), { list } = this;
    for (let i = 0; i < count; i++) {
      // One byte is the rule; the end is checked once, behind the loop.
      if (list[this.at] < 128) numbers[i] = list[this.at++];
      else numbers[i] = this.number();
    }
    if (this.at > this.end) throw damaged("short");
    return numbers;
  }
  ascending(count) {
    const numbers = this.numbers(count);
    for (let i = 1; i < count; i++) numbers[i] += numbers[i - 1] + 1;
    return numbers;
  }
  signed(from) {
    const value = this.number();
    return from + (value % 2 ? -(value + 1) / 2 : value / 2);
  }
  part() {
    const size = this.count();
    return new Bytes(this.list, this.at, this.at += size);
  }
  string() {
    const { list, at, end } = this.part();
    return new TextDecoder().decode(list.subarray(at, end));
  }
}

function checksum(bytes) {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  hash = Math.imul(hash ^ hash >>> 13, 0xc2b2ae35);
  return ((hash ^ hash >>> 16) >>> 0).toString(16).padStart(8, "0");
}

async function inflate(bytes) {
  const { writable, readable } = new DecompressionStream("deflate-raw");
  const writer = writable.getWriter(), reader = readable.getReader();
  // What goes wrong in writing shows in reading too.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const chunks = [];
  let size = 0;
  for (let step; !(step = await reader.read()).done;) {
    chunks.push(step.value);
    if ((size += step.value.length) > LARGEST) throw damaged("large");
  }
  const whole = new Uint8Array(size);
  for (const chunk of chunks.reverse()) whole.set(chunk, size -= chunk.length);
  return whole;
}

// --- Scores: tantivy's BM25 in its own 32-bit steps ---

const f = Math.fround, K1 = f(1.2), RISE = f(1 + K1);

const idf = (frequency, documents) =>
  f(Math.log(f(1 + f(f(documents - frequency + .5) / f(frequency + .5)))));

// The length that a byte of field norm stands for.
const length = id => id < 24 ? id : 24 + (id < 32 ? id - 24 : ((id & 7) | 8) * 2 ** ((id >> 3) - 4));

function norms(tokens, documents) {
  const average = f(f(tokens) / f(documents));
  return Float32Array.from({ length: 256 }, (_, id) => f(K1 * f(.25 + f(f(.75 * length(id)) / average))));
}

// --- A pack of one language: its manifest and what was fetched of it ---

class Pack {
  constructor(manifest, load) {
    const m = this.manifest = manifest, list = Array.isArray;
    const names = text => {
      if (!/^([0-9a-f]{8})*$/.test(text)) throw damaged("names");
      return text.match(/.{8}/g) ?? [];
    };
    if (m?.format !== "exempla-search" || m.version !== VERSION) throw damaged("version");
    // Numbers stay below five times the count of documents; memory is taken for the highest.
    if (typeof m.lang !== "string" || !(m.last < 16 * m.documents + 16)) throw damaged("manifest");
    if (![m.types, m.fields, m.facetNames, m.common, m.dictionary?.first, m.dictionary.base, m.frequent?.stems, m.frequent.firsts, m.frequent.counts].every(list)) throw damaged("manifest");
    this.load = load;
    this.kept = new Map();
    this.known = new Map();
    this.common = new Set(m.common);
    this.norms = m.fields.map(([, , tokens]) => norms(tokens, m.documents));
    this.shards = Object.fromEntries(["cards", "facets", "dates", "titles"].map(kind => [kind, names(m[kind])]));
    this.shards.dictionary = names(m.dictionary.names);
    const sums = distances => (sum => distances.map(distance => sum += distance))(0);
    const { words: frequent, stems, firsts, counts, names: near } = m.frequent;
    const ordinals = sums(stems);
    frequent.split(" ").forEach((word, i) => this.known.set(word, [ordinals[i]]));
    this.near = { firsts: sums(firsts), counts, names: names(near) };
  }

  // A shard, fetched, inflated and checked once, and what `read` makes of it.
  shard(name, read) {
    if (!this.kept.has(name)) {
      if (!name) throw damaged("name");
      const whole = this.load(name + ".bin").then(async bytes => {
        bytes = await inflate(bytes);
        if (checksum(bytes) !== name) throw damaged(name);
        return read(new Bytes(bytes, 1));
      });
      whole.catch(() => this.kept.delete(name));
      this.kept.set(name, whole);
    }
    return this.kept.get(name);
  }

  // The block of a stem, of the kind "postings" or "positions".
  async block(stem, kind) {
    const within = ({ firsts, counts, names }) => {
      const at = before(firsts, stem), place = stem - firsts[at];
      return place >= 0 && place < counts[at] && { name: names[at], count: counts[at], place };
    };
    let found = kind === "postings" && within(this.near);
    if (!found) {
      const shard = await this.words(before(this.manifest.dictionary.base, stem));
      if (!(found = within(shard[kind]))) throw damaged("stem");
    }
    const { name, count, place } = found;
    return (await this.shard(name, bytes => Array.from({ length: bytes.count(count) }, () => bytes.part())))[place];
  }

  // The shard of the dictionary at a place.
  words(at) {
    return this.shard(this.shards.dictionary[at], bytes => this.dictionary(bytes, this.manifest.dictionary.base[at]));
  }

  // The words of the dictionary's shards that may begin so.
  async beginning(prefix) {
    const { first } = this.manifest.dictionary;
    if (!first.length) return [];
    const from = before(first, prefix);
    let to = from + 1;
    while (to < first.length && first[to].startsWith(prefix)) to++;
    const shards = await Promise.all(first.slice(from, to).map((_, i) => this.words(from + i)));
    return shards.flatMap(({ list }) => {
      let start = before(list, prefix, word => word.text);
      if (list[start]?.text < prefix) start++;
      let end = start;
      while (list[end]?.text.startsWith(prefix)) end++;
      return list.slice(start, end);
    });
  }

  dictionary(bytes, base) {
    let stem = base;
    const count = bytes.count();
    const shared = bytes.numbers(count), more = bytes.numbers(count), frequency = bytes.numbers(count);
    const stems = Array.from(shared, () => [stem = bytes.signed(stem)]);
    for (const at of bytes.ascending(bytes.number())) {
      for (let n = bytes.count(); n > 0; n--) stems[at].push(bytes.signed(stems[at].at(-1)));
    }
    const endings = bytes.string();
    let at = 0, text = "";
    const list = Array.from(shared, (length, i) => {
      text = text.slice(0, length) + endings.slice(at, at += more[i]);
      this.known.set(text, stems[i]);
      return { text, stems: stems[i], frequency: frequency[i] };
    });
    const runs = () => {
      const counts = bytes.numbers(bytes.number());
      let first = base;
      const firsts = counts.map(count => (first += count) - count);
      const name = () => Array.from({ length: 4 }, () => bytes.byte().toString(16).padStart(2, "0")).join("");
      return { firsts, counts, names: Array.from(counts, name) };
    };
    return { list, postings: runs(), positions: runs() };
  }

  async find(word) {
    if (!this.known.has(word)) await this.beginning(word);
    return this.known.get(word);
  }

  // What a word stands for, as in src/search/words.rs: [stem, boost] pairs.
  async resolve({ text, kind }, typing) {
    const meaning = new Map((await this.find(text))?.map(stem => [stem, 1]));
    const letters = [...text], n = letters.length;
    let instead;
    const best = (candidates, most, below) => {
      candidates.sort((a, b) => (a.edits ?? 0) - (b.edits ?? 0) || b.frequency - a.frequency);
      for (const stem of candidates.flatMap(word => word.stems)) {
        if (meaning.has(stem)) continue;
        if (!most--) break;
        meaning.set(stem, f(1 / below++));
      }
      return candidates[0]?.text;
    };
    if (kind === "pair") return { meaning };
    if (typing && (n > 2 || ONE_UNIT.test(text))) best(await this.beginning(text), COMPLETIONS, 2);
    if (meaning.size || n < 3 || /\p{N}/u.test(text)) return { meaning };
    // Words that are compounds only have a frequency of 0; others come after them.
    const found = [];
    for (let size = n, last; !last && size >= Math.max(4, n - 3); size--) {
      const near = (await this.beginning(letters.slice(0, size).join(""))).filter(word => [...word.text].length <= size + 3);
      last = near.some(word => word.frequency);
      if (last || !found.length) found.push(...near.map(word => ({ ...word, edits: n - size })));
    }
    instead = best(found, GUESSES, 1);
    instead ??= best(await this.beginning(text), COMPLETIONS, 2);
    if (kind === "compound") return { meaning };
    if (!instead && n > 3) {
      const most = n < 8 ? 1 : 2, near = [];
      for (const word of await this.beginning(letters[0])) {
        const distance = edits(letters, [...word.text], most);
        if (distance <= most) near.push({ ...word, edits: distance });
      }
      const alone = near.filter(word => word.frequency);
      instead = best(alone.length ? alone : near, GUESSES, 2);
    }
    return { meaning, instead };
  }

  // The stems in order that a phrase may stand for; none if a word is unknown.
  async readings(phrase) {
    // Each way has either a compound or the two words that make it.
    let ways = [[]];
    for (const token of phrase) {
      if (token.kind === "compound") ways = [...ways, ...ways.map(way => [...way.slice(0, -1), token])].slice(0, MOST_READINGS);
      else ways = ways.map(way => way.at(-1)?.end === token.end ? way : [...way, token]);
    }
    const stems = new Map(await Promise.all(phrase.map(async token => [token, await this.find(token.text) ?? []])));
    return ways.flatMap(way => way.reduce((all, token) =>
      all.flatMap(start => stems.get(token).map(stem => [...start, stem])).slice(0, MOST_READINGS), [[]])).slice(0, MOST_READINGS);
  }

  // A stem's postings: numbers, by field their places, frequencies and norms.
  async postings(stem) {
    const block = await this.block(stem, "postings");
    if (block.postings) return block.postings;
    const bytes = new Bytes(block.list, block.at, block.end);
    const numbers = this.within(bytes.ascending(bytes.number()));
    const fields = Array.from({ length: bytes.count() }, () => {
      const field = bytes.number(), count = bytes.count();
      if (!(field < this.norms.length) || count > numbers.length) throw damaged("field");
      const places = count < numbers.length ? bytes.ascending(count) : null;
      if (places?.[count - 1] >= numbers.length) throw damaged("place");
      const own = places ? places.map(place => numbers[place]) : numbers;
      const frequencies = bytes.numbers(count);
      bytes.count(count);
      return { field, count, numbers: own, frequencies, norms: bytes.list.subarray(bytes.at, bytes.at += count) };
    });
    return block.postings = { stem, numbers, fields, bytes };
  }

  // The cards that travel with a stem, by number.
  head(postings) {
    if (!postings.head) {
      const { numbers, bytes } = postings, size = numbers.length;
      const places = size > HEAD ? bytes.ascending(HEAD) : [...numbers.keys()];
      postings.head = new Map(Array.from(places, place => [numbers[place], card(bytes)]));
    }
    return postings.head;
  }

  // By field and document of a stem's postings: its positions.
  async positions(postings) {
    const block = await this.block(postings.stem, "positions");
    const bytes = new Bytes(block.list, block.at, block.end);
    return postings.positions ??= postings.fields.map(field => Array.from(field.frequencies, count => bytes.ascending(count)));
  }

  async card(number) {
    const cards = await this.shard(this.shards.cards[Math.floor(number / BLOCK)], bytes =>
      new Map(Array.from(bytes.ascending(bytes.number()), at => [at, card(bytes)])));
    return cards.get(number % BLOCK);
  }

  // The numbers of all documents, which the first facet brings along.
  async numbers() {
    return (await this.facet(this.manifest.facetNames[0])).numbers;
  }

  // Ascending numbers, none of them past the last document's.
  within(numbers) {
    if (numbers.at(-1) > this.manifest.last) throw damaged("document");
    return numbers;
  }

  async facet(name) {
    const at = this.manifest.facetNames.indexOf(name);
    if (at < 0) throw damaged("facet");
    const known = at && await this.numbers();
    return this.shard(this.shards.facets[at], bytes => {
      const numbers = known || this.within(bytes.ascending(bytes.number()));
      const facet = { ...JSON.parse(bytes.string()), name, numbers };
      const ids = facet.values.map(([id]) => id), forgiving = ids.map(plain);
      const above = facet.values.map((_, at) => {
        const all = new Set();
        for (let up = at; up !== undefined && !all.has(up); up = facet.values[up]?.[2]) all.add(up);
        return all;
      });
      facet.find = id => ids.includes(id) ? ids.indexOf(id) : forgiving.indexOf(plain(id));
      // Values by number, from one place to the next, broader ones included.
      const values = [], ends = new Uint32Array(this.manifest.last + 2);
      bytes.numbers(numbers.length).forEach((count, i) => {
        const all = new Set();
        for (const value of bytes.ascending(count)) {
          if (!above[value]) throw damaged("facet");
          for (const up of above[value]) all.add(up);
        }
        values.push(...all);
        ends[numbers[i] + 1] = values.length;
      });
      for (let i = 1; i < ends.length; i++) ends[i] = Math.max(ends[i], ends[i - 1]);
      Object.assign(facet, { named: Uint32Array.from(values), ends });
      return facet;
    });
  }

  // A number for each document, by which the highest comes first.
  async order(kind) {
    const numbers = await this.numbers();
    return this.shard(this.shards[kind][0], bytes => {
      const order = new Uint32Array(this.manifest.last + 1);
      for (const number of numbers) order[number] = bytes.number();
      return order;
    });
  }
}

const plain = id => fold(id.replace(/[^\p{Alphabetic}\p{N}]/gu, ""));

const card = bytes => ({
  type: bytes.number(), id: bytes.string(), url: bytes.string(), title: bytes.string(), text: bytes.string(),
});

// The place of the last of `sorted` that is not after `value`; the first if all are.
function before(sorted, value, of = own => own) {
  let low = 0, high = sorted.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (of(sorted[middle]) <= value) low = middle; else high = middle;
  }
  return low;
}

function edits(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return Infinity;
  let last, row = [...Array(b.length + 1).keys()];
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      let least = Math.min(row[j] + (a[i] !== b[j]), row[j + 1] + 1, next[j] + 1);
      if (i && j && a[i] === b[j - 1] && a[i - 1] === b[j]) least = Math.min(least, last[j - 1] + 1);
      next.push(least);
    }
    last = row, row = next;
  }
  return row[b.length];
}

// --- Answering ---

// Scores by number, with the list of the numbers that have one.
class Scores {
  constructor(last) {
    this.of = new Float64Array(last + 1);
    this.has = new Uint8Array(last + 1);
    this.kept = new Uint32Array(last + 1);
    this.size = 0;
    this.rounded = new Float32Array(1);
  }
  get list() { return this.kept.subarray(0, this.size); }
  // Adds `weight` times a part for each of some numbers. Here and where hits are chosen most of
  // a query is spent, mostly before the browser has compiled it: as little as can be is called.
  add(numbers, parts, weight) {
    const { of, has, kept, rounded } = this;
    let { size } = this;
    for (let j = 0; j < numbers.length; j++) {
      const number = numbers[j];
      if (!has[number]) has[number] = 1, kept[size++] = number;
      rounded[0] = weight * parts[j];
      of[number] += rounded[0];
    }
    this.size = size;
  }
  // Adds what others scored for some numbers.
  join({ of }, numbers) {
    for (const number of numbers) {
      if (!this.has[number]) this.has[number] = 1, this.kept[this.size++] = number;
      this.of[number] += of[number];
    }
  }
  clear() {
    const { of, has, kept } = this;
    for (let j = 0; j < this.size; j++) of[kept[j]] = has[kept[j]] = 0;
    this.size = 0;
    return this;
  }
}

// What BM25 makes of how often words occur in texts of some lengths. To store a number rounds it.
function shares(frequencies, norms, cost) {
  const parts = new Float32Array(frequencies.length);
  for (let j = 0; j < parts.length; j++) {
    parts[j] = frequencies[j] + cost[norms[j]];
    parts[j] = frequencies[j] / parts[j];
  }
  return parts;
}

// Adds to `scores` what a stem, or several in a row, score.
async function add(pack, stems, boost, scores) {
  const { fields, documents } = pack.manifest;
  const [first, ...rest] = await Promise.all(stems.map(stem => pack.postings(stem)));
  const places = rest.length && await Promise.all([first, ...rest].map(list => pack.positions(list)));
  first.fields.forEach((list, i) => {
    const others = rest.map(({ fields }) => fields.findIndex(other => other.field === list.field));
    if (others.includes(-1)) return;
    const counts = [list.count, ...others.map((at, k) => rest[k].fields[at].count)];
    const rarity = counts.reduce((sum, count) => f(sum + idf(count, documents)), 0);
    const weight = f(f(rarity * RISE) * f(f(fields[list.field][1]) * boost));
    const tails = others.map((at, k) => ({ numbers: rest[k].fields[at].numbers, positions: places[k + 1][at], at: 0 }));
    const { numbers, frequencies, norms } = list, cost = pack.norms[list.field];
    if (!rest.length) {
      // Kept, since whoever types asks for the words before the last at every letter.
      return scores.add(numbers, list.parts ??= shares(frequencies, norms, cost), weight);
    }
    const found = [], often = [], long = [];
    for (let j = 0; j < numbers.length; j++) {
      const together = tails.every(tail => {
        while (tail.numbers[tail.at] < numbers[j]) tail.at++;
        return tail.numbers[tail.at] === numbers[j];
      });
      const count = !together ? 0 : places[0][i][j].filter(at => tails.every((tail, k) =>
        tail.positions[tail.at].includes(at + k + 1))).length;
      if (count) found.push(numbers[j]), often.push(count), long.push(norms[j]);
    }
    scores.add(found, shares(often, long, cost), weight);
  });
  return first;
}

const ORDERS = { date: "dates", title: "titles" };

async function answer(pack, text, { filters = {}, sort = "relevance", limit = 10, offset = 0, typing = false, facets: wanted = true }) {
  const query = parse(text, pack.manifest.facetNames), { help } = query;
  const asked = [...query.filters, ...Object.entries(filters).flatMap(([facet, values]) =>
    [values].flat().map(value => ({ facet, value, refused: false })))];
  const ranked = query.words.length + query.phrases.length > 0 || help.has("nothing-to-search");
  // What the words do not decide is fetched beside them.
  const { facetNames } = pack.manifest;
  const shown = facetNames.filter(name => wanted === true || [wanted].flat().includes(name));
  const needed = facetNames.filter(name => shown.includes(name) || asked.some(({ facet }) => facet === name));
  const aside = Promise.all([
    Promise.all(needed.map(name => pack.facet(name))),
    ranked ? null : pack.numbers(),
    ORDERS[sort] ? pack.order(ORDERS[sort]) : null,
  ]);
  aside.catch(() => {});

  const last = query.words.at(-1)?.end;
  const [meanings, phrases, excluded] = await Promise.all([
    Promise.all(query.words.map(word => pack.resolve(word, typing && query.open && word.end === last))),
    Promise.all(query.phrases.map(phrase => pack.readings(phrase))),
    Promise.all(query.excluded.map(phrase => pack.readings(phrase))),
  ]);
  const boosts = new Map(), mends = [];
  // Who looks for e-mail does not look for the letter e.
  const told = ({ kind, text, start, end }, i) => kind === "word" && [...text].length < 3 && [i - 1, i + 1].some(at => {
    const other = query.words[at];
    return other?.kind === "compound" && other.start <= start && end <= other.end && meanings[at].meaning.size;
  });
  meanings.forEach(({ meaning, instead }, i) => {
    if (told(query.words[i], i)) return;
    for (const [stem, boost] of meaning) boosts.set(stem, f((boosts.get(stem) ?? 0) + boost));
    // Another ending of a known word is found as it stands.
    if (instead && ![...meaning.values()].includes(1)) mends.push([query.words[i], instead]);
  });
  // What most entries have is left out, unless there is nothing else to find.
  if ([...boosts.keys()].some(stem => !pack.common.has(stem))) {
    for (const stem of pack.common) boosts.delete(stem);
  }
  for (const [i, readings] of phrases.entries()) {
    if (readings.length) continue;
    help.add("unknown-in-phrase");
    for (const word of query.phrases[i].filter(({ kind }) => kind !== "compound")) {
      const { instead } = await pack.resolve(word, false);
      if (instead) mends.push([word, instead]);
    }
  }
  // All requests leave at once; scores are then added in order.
  const stems = new Set([...boosts.keys(), ...phrases.flat(2)]);
  await Promise.all([...stems, ...excluded.flat(2)].map(stem => pack.postings(stem)));

  const { last: most } = pack.manifest;
  // From search to search the same memory, unless two overlap.
  const scores = pack.spare ?? new Scores(most), out = excluded.length && new Scores(most), heads = [];
  pack.spare = null;
  for (const [stem, boost] of boosts) heads.push(await add(pack, [stem], boost, scores));
  let found = scores.list;
  for (const [i, readings] of phrases.entries()) {
    const own = new Scores(most);
    for (const reading of readings) heads.push(await add(pack, reading, 1, own));
    found = i ? found.filter(number => own.has[number]) : own.list;
    scores.join(own, found);
  }
  for (const reading of excluded.flat()) await add(pack, reading, 1, out);
  const [columns, all, order] = await aside;
  if (!ranked) found = all;

  const sieve = [];
  for (const { facet, value, refused } of asked) {
    const column = columns.find(({ name }) => name === facet);
    const at = column ? column.find(value) : -1;
    if (at < 0) help.add("unknown-value");
    if (!column) continue;
    let own = sieve.find(other => other.column === column && other.refused === refused);
    if (!own) sieve.push(own = { column, refused, values: new Set() });
    if (at >= 0) own.values.add(at);
  }
  const { passed, missed } = sift(found, sieve, out), total = passed.length;
  const top = highest(passed, scores.of, order, offset + limit);
  pack.spare = scores.clear();
  const wordStems = word => pack.known.get(word)?.some(stem => stems.has(stem));
  // The passage of the rarest word says most.
  heads.sort((a, b) => a.numbers.length - b.numbers.length);
  const hits = await Promise.all(top.slice(offset).map(async ({ number, score }) => {
    const near = heads.map(list => pack.head(list).get(number)).find(Boolean);
    const card = near ?? await pack.card(number) ?? {}, { type, id, url, title, text } = card;
    const kind = pack.manifest.types[type];
    if (kind === undefined || !(score >= 0 && score < Infinity)) throw damaged("card");
    return { id, type: kind, lang: pack.manifest.lang, url, title, summary: near ? "" : text, score, excerpt: mark(card, wordStems) };
  }));
  let counts;
  const result = {
    query: text, total, hits,
    // Counted once somebody asks, since hits can be shown before.
    get facets() {
      return counts ??= Object.fromEntries(columns.filter(({ name }) => shown.includes(name)).map(column =>
        [column.name, tally(column, [passed, missed.get(column) ?? []])]));
    },
  };
  if (mends.length) {
    mends.sort(([a], [b]) => b.start - a.start);
    result.suggestion = mends.reduce((line, [{ start, end }, word]) => line.slice(0, start) + word + line.slice(end), text);
  }
  if (help.size) result.help = ["unclosed-quote", "nothing-to-search", "too-long", "unknown-value", "unknown-in-phrase"].filter(one => help.has(one));
  return result;
}

// Of the numbers that were found and are not out: those that pass all filters, and by facet those
// that fail that facet's alone.
function sift(found, sieve, out) {
  const missed = new Map(sieve.map(({ column }) => [column, []]));
  // Scores give their list to the next search.
  if (!sieve.length && !out) return { passed: found.slice(), missed };
  const passed = [];
  for (const number of found) {
    if (out && out.has[number]) continue;
    // The one facet whose filters this document fails; null if several.
    let failed;
    for (const { column, values, refused } of sieve) {
      let has = false;
      for (let i = column.ends[number]; i < column.ends[number + 1]; i++) has ||= values.has(column.named[i]);
      if (has === refused) failed = failed && failed !== column ? null : column;
      if (failed === null) break;
    }
    if (failed === undefined) passed.push(number);
    else if (failed) missed.get(failed).push(number);
  }
  return { passed, missed };
}

// The `count` highest of some numbers: by their order, or else by their scores.
function highest(numbers, scores, order, count) {
  const top = [];
  for (let j = 0; j < numbers.length; j++) {
    const number = numbers[j], score = f(scores[number]), rank = order ? order[number] : score;
    let at = top.length;
    while (at > 0 && (rank > top[at - 1].rank || rank === top[at - 1].rank && number < top[at - 1].number)) at--;
    if (at >= count) continue;
    top.splice(at, 0, { number, rank, score });
    if (top.length > count) top.pop();
  }
  return top;
}

// How often lists of numbers have each value of a facet, by the value's id.
function tally({ values, ends, named }, lists) {
  const counts = new Uint32Array(values.length);
  for (const list of lists) for (const number of list) {
    for (let i = ends[number]; i < ends[number + 1]; i++) counts[named[i]]++;
  }
  return Object.fromEntries(values.map(([id], at) => [id, counts[at]]).filter(([, count]) => count));
}

// Parts of a passage: plain, marked, plain, …
function mark(card, wanted) {
  const parts = [""], passage = card.text;
  let at = 0;
  // Whoever types is shown the same cards at many letters.
  for (const { text, start, end } of card.words ??= words(passage)) {
    if (end <= at || !wanted(text)) continue;
    const from = Math.max(start, at);
    if (from > at || parts.length === 1) parts[parts.length - 1] += passage.slice(at, from), parts.push("");
    else parts.pop();
    parts[parts.length - 1] += passage.slice(from, end);
    parts.push("");
    at = end;
  }
  parts[parts.length - 1] += passage.slice(at);
  return parts;
}

// `base` is the pack's folder; `fetch` and `lang` may be given.
export function open(base, { fetch = globalThis.fetch.bind(globalThis), lang: usual } = {}) {
  const folder = base.replace(/\/?$/, "/"), packs = new Map();
  let list;
  const get = async (path, options) => {
    const reply = await fetch(folder + path, options);
    if (!reply.ok) throw new Error(`search pack: ${path}: ${reply.status}`);
    return new Uint8Array(await reply.arrayBuffer());
  };
  const languages = () => list ??= get("languages.json").then(bytes => JSON.parse(new TextDecoder().decode(bytes)))
    .catch(error => { list = undefined; throw error; });
  const pack = (lang, options) => {
    const own = encodeURIComponent(lang) + "/";
    const opened = get(own + "manifest.bin", options).then(async bytes =>
      new Pack(JSON.parse(new TextDecoder().decode(await inflate(bytes))), path => get(own + path)));
    packs.set(lang, opened);
    return opened;
  };
  return {
    // { version, default, languages: { en: 12 } }
    languages,
    // What a facet's values read like: { label, values: [[id, label, broader]] }, the
    // label absent where it is the id, `broader` a place in the list.
    async facet(name, lang = usual) {
      const { label, values } = await (await (packs.get(lang) ?? pack(lang))).facet(name);
      return { label, values };
    },
    async search(query, options = {}) {
      const text = String(query);
      let before, failed, lang;
      for (let again = false; ; again = true) {
        try {
          lang ??= options.lang ?? usual ?? (await languages()).default;
          // Another search may have fetched the manifest anew meanwhile.
          const stale = again && packs.get(lang) === failed;
          failed = !stale && packs.get(lang) || pack(lang, again ? { cache: "reload" } : {});
          return await answer(await failed, text, options);
        } catch (error) {
          if (!again) {
            before = failed;
            continue;
          }
          // What was there before may still answer another question.
          const sound = await before?.catch(() => null);
          if (packs.get(lang) === failed) {
            if (sound) packs.set(lang, before); else packs.delete(lang);
          }
          return { query: text, total: 0, hits: [], facets: {}, error: String(error?.message ?? error) };
        }
      }
    },
  };
}
