// What the search page and the search field of every page share: when to ask,
// whose answer counts, and how an excerpt and a number of hits are shown.

const PAUSE = 120, LULL = 300, LONG_PAUSE = 700;
// One letter of a word says too little to be worth fetching what begins with it.
const HARDLY_BEGUN = /(?:^|[\s"-])[\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}]$/u;

// Calls `run` as somebody types into `input`: in a pause, or at once after a lull.
// Gives a function that calls off what is pending.
export function whenTyped(input, run) {
  let timer, last = 0;
  const typed = event => {
    if (event.isComposing) return;
    clearTimeout(timer);
    const wait = HARDLY_BEGUN.test(input.value) ? LONG_PAUSE : event.timeStamp - last > LULL ? 0 : PAUSE;
    last = event.timeStamp;
    if (wait) timer = setTimeout(run, wait); else run();
  };
  input.addEventListener("input", typed);
  input.addEventListener("compositionend", typed);
  return () => clearTimeout(timer);
}

// A function that asks and gives the answer, or nothing if it was asked again meanwhile
// or told to drop what it is waiting for.
export function newest(ask) {
  let asked = 0;
  const asking = async (...question) => {
    const own = ++asked, answer = await ask(...question);
    return own === asked ? answer : undefined;
  };
  return Object.assign(asking, { drop: () => { asked++; } });
}

// Whether an address is one of this site, whatever a damaged pack may say.
export const isOwn = url => /^\/(?![/\\])/.test(url);

// Fills `place` with an excerpt: plain, marked, plain, …
export function mark(place, excerpt) {
  place.replaceChildren(...excerpt.map((text, i) => {
    if (i % 2 === 0) return text;
    const marked = document.createElement("mark");
    marked.textContent = text;
    return marked;
  }));
}

const { lang } = document.documentElement;
const numbers = new Intl.NumberFormat(lang), plurals = new Intl.PluralRules(lang);
export const number = n => numbers.format(n);
export const put = (text, n) => text.replace("{n}", number(n));

// How many there are, in the words that an element carries for its language.
export function counted({ dataset }, n) {
  return n ? put(dataset[plurals.select(n)] ?? dataset.other, n) : dataset.nothing;
}
