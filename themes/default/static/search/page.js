// The search page, and a list page that became one (see list.js). Enters: what the address
// says and what a visitor does. Leaves: hits, facets and the address of just this state, so
// that it can be shared and gone back to. All words come from the page; what cannot be
// fetched ends in a message.

import { open } from "./reader.js";
import { counted, isOwn, mark, newest, number, whenTyped } from "./ask.js";
import { Facets } from "./facets.js";

const BATCH = 10, SAID_AFTER = 600, SAID_FOR = 3000, BUSY_AFTER = 400;
const $ = id => document.getElementById(id);
const root = $("_search"), form = root.querySelector("form"), input = form.elements.q;
const [found, hits, total, status, sort, more, failed, way] =
  ["_found", "_hits", "_total", "_status", "_sort", "_more", "_failed", "_show"].map($);
const languages = [...root.querySelectorAll("template[data-language]")].map(({ dataset }) => dataset.language);
const [main] = languages;
const types = Object.fromEntries([...root.querySelectorAll("template[data-type]")].map(({ dataset, content }) =>
  [dataset.type, { label: content.textContent, plural: dataset.plural }]));
const plurals = Object.fromEntries(Object.entries(types).map(([id, { plural }]) => [id, plural]));
const untitled = document.title;
const titled = ({ q }) => q.trim() ? `${q.trim()} – ${untitled}` : untitled;
// Of a page's language without entries, the first that has some.
const { lang, dir } = root.querySelector("template[data-language]")?.content.firstElementChild ?? {};
if (main) Object.assign(hits, { lang, dir });

// What all hits have in common: on a list page what is listed, and its order.
const { only: listed, value, sort: arranged } = root.dataset;
const only = listed ? { [listed]: [value] } : {};
if (listed) root.querySelector(`[data-facet="${CSS.escape(listed)}"]`)?.remove();

// What each hit is a copy of. The name of its type is in the page's language, and is left out
// where only one type is listed.
const pattern = $("_hit").content.firstElementChild;
Object.assign(pattern.firstElementChild, { lang: document.documentElement.lang, hidden: listed === "type" });

const reader = open(root.dataset.pack, { lang: main });
const describe = facet => reader.facet(facet);
const facets = new Facets($("_facets"), {
  choice: $("_choice"),
  labels: { type: plurals },
  failed: failed.querySelector(".alert-title").textContent,
  changed: ticked => ticked ? filter(ticked) : answer(),
});

// --- The state, as the address has it ---

const OWN = ["q", "typing", "sort", "page", "also"];
// A facet may have the name of one of ours.
const parameter = facet => OWN.includes(facet) ? `${facet}_` : facet;
const SORTS = ["relevance", "title", "date"];
const NOTHING = { q: "", typing: false, filters: {}, sort: "relevance", page: 1, also: [] };
// What is asked, and what is shown.
let state = NOTHING, shown;
// Without words nothing is more relevant than another.
const order = ({ q, sort }) => q.trim() || sort !== "relevance" ? sort : arranged || "date";
const isIdle = state => !state.q.trim() && !Object.keys(state.filters).length && (!listed || ["relevance", arranged].includes(state.sort));

function read() {
  const given = new URLSearchParams(location.search);
  const filters = {};
  for (const name of facets.names) {
    const values = [...new Set(given.getAll(parameter(name)))].filter(Boolean);
    if (values.length) filters[name] = values;
  }
  return {
    q: given.get("q") ?? "",
    // Whether the last word may go on.
    typing: given.has("typing"),
    filters,
    sort: SORTS.find(sort => sort === given.get("sort")) ?? "relevance",
    page: Math.min(Math.max(Math.trunc(given.get("page")) || 1, 1), 100),
    also: given.getAll("also").filter(code => languages.includes(code)),
  };
}

function address({ q, typing, filters, sort, page, also }) {
  const words = new URLSearchParams();
  if (q) words.set("q", q);
  if (q && typing) words.set("typing", "1");
  for (const [name, values] of Object.entries(filters)) values.forEach(value => words.append(parameter(name), value));
  if (sort !== "relevance") words.set("sort", sort);
  if (page > 1) words.set("page", page);
  also.forEach(code => words.append("also", code));
  const text = words.toString();
  return location.pathname + (text && `?${text}`);
}

// Changes the state and answers it. Letters of one go at typing are one step back, and
// more of the same hits are none.
function go(change, { typed = false, grow = false } = {}) {
  const before = state, now = state = { ...state, page: 1, ...change };
  // After the answer, if that is at hand: the address takes longer.
  setTimeout(() => {
    const place = address(now);
    if (place !== address(before)) history[grow || typed && history.state?.typed ? "replaceState" : "pushState"]({ typed: !!change.typing }, "", place);
    document.title = titled(now);
  });
  return answer({ typed, grow });
}

// Adds a value to those that filter, or takes it away.
const filter = ({ facet, value, chosen }) => {
  const { [facet]: before = [], ...filters } = state.filters;
  const values = before.filter(own => own !== value).concat(chosen ? value : []);
  return go({ filters: values.length ? { ...filters, [facet]: values } : filters });
};

// --- Asking ---

const ask = newest(async ({ q, typing, filters, sort, page, also }) => {
  const options = { filters: { ...filters, ...only }, typing, sort: order({ q, sort }), limit: page * BATCH };
  const wanted = facets.wanted(filters), needed = wanted.filter(name => filters[name]);
  let lost = [], own = await reader.search(q, { ...options, facets: wanted });
  // Counts that cannot be had take no hits away.
  if (own.error && needed.length < wanted.length) {
    lost = wanted.filter(name => !filters[name]);
    own = await reader.search(q, { ...options, facets: needed });
  }
  const rest = languages.slice(1), counts = {}, others = {};
  let broken = false;
  // Others are asked on demand, or if a whole query finds nothing in the first.
  await Promise.all(rest.filter(code => also.includes(code) || !typing && !own.error && !own.total).map(async lang => {
    const limit = also.includes(lang) ? options.limit : 0;
    const other = await reader.search(q, { ...options, limit, lang, facets: false });
    if (other.error) return void (broken ||= also.includes(lang));
    counts[lang] = other.total;
    if (limit) others[lang] = other;
  }));
  return { own, others, counts, lost, broken };
});

// Waits until what stands on the page can be seen.
const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));

let said, waiting, focused;
// Says something to screen readers. It does not stay, or whoever reads on would meet twice
// what the page shows.
function say(text) {
  clearTimeout(said);
  status.textContent = text;
  said = setTimeout(() => { status.textContent = ""; }, SAID_FOR);
}

root.addEventListener("focusin", ({ target }) => { focused = target; });
root.addEventListener("focusout", ({ relatedTarget }) => { if (relatedTarget) focused = null; });

// Answers the state; says whether that stands now, and nothing was asked meanwhile.
async function answer({ typed = false, grow = false } = {}) {
  const asked = state;
  clearTimeout(said);
  clearTimeout(waiting);
  if (isIdle(asked) || !main) {
    found.hidden = failed.hidden = true;
    $("_browse").hidden = false;
    status.textContent = "";
    ask.drop();
    chips();
    keepFocus(input);
    return true;
  }
  waiting = setTimeout(() => {
    found.setAttribute("aria-busy", "true");
    total.textContent = total.dataset.busy;
    if (!found.hidden) return;
    // Nothing was found before: only that it is sought stands there.
    $("_facets").hidden = sort.parentElement.hidden = more.hidden = true;
    for (const place of [hits, $("_others")]) place.replaceChildren();
    found.hidden = false;
    failed.hidden = $("_browse").hidden = true;
    say(total.dataset.busy);
  }, BUSY_AFTER);
  const answered = await ask(asked);
  if (!answered) return;
  clearTimeout(waiting);
  found.removeAttribute("aria-busy");
  const { own, others, counts, lost, broken } = answered;
  try {
    if (own.error) throw new Error(own.error);
    show(own, others, counts, grow);
    if (broken) fail(false);
    // Whoever types sees what was found before it is counted by facet; otherwise nothing is
    // seen before the rest, or what stands below the chips would jump.
    if (typed) {
      await painted();
      if (state !== asked) return;
    }
    await facets.update(own.facets, asked.filters, describe, lost);
    if (state !== asked) return;
    chips();
    keepFocus(total);
    return true;
  } catch {
    if (state === asked) fail();
  }
}

// Says that something could not be fetched; if `all`, there is nothing to show.
function fail(all = true) {
  failed.hidden = false;
  if (all) {
    found.hidden = true;
    $("_browse").hidden = false;
    keepFocus(failed.querySelector("button"));
  }
  clearTimeout(said);
  say(failed.querySelector(".alert-title").textContent);
}

// --- Showing ---

function show(own, others, counts, grow) {
  shown = state;
  found.hidden = false;
  failed.hidden = true;
  $("_browse").hidden = own.total > 0 || !!listed;
  for (const place of [total, way]) place.textContent = counted(place, own.total);
  // On paper the field that says it is not there.
  const asked = state.q.trim();
  if (asked) total.dataset.query = asked; else delete total.dataset.query;
  $("_facets").hidden = !facets.names.length || !own.total && !Object.keys(state.filters).length;
  fill(hits, own.hits, grow);
  const sections = Object.entries(others).map(([code, other]) => section(code, other, grow));
  $("_others").replaceChildren(...sections);
  more.hidden = ![own, ...Object.values(others)].some(({ total, hits }) => total > hits.length);
  const offers = [...$("_also").children].map(button => {
    const { also } = button.dataset;
    button.hidden = also === main || also in others || counts[also] === 0;
    button.lastElementChild.textContent = also in counts ? `(${number(counts[also])})` : "";
    return !button.hidden;
  });
  $("_also").hidden = !offers.includes(true);
  sort.options[0].hidden = !asked;
  sort.parentElement.hidden = !own.total;
  sort.value = order(state);

  const instead = $("_instead"), mended = own.suggestion;
  instead.hidden = !mended || mended === state.q;
  instead.lastElementChild.textContent = mended ?? "";
  const helps = new Set(own.help);
  if (!own.total && !helps.size) helps.add("less");
  for (const help of $("_helps").children) help.hidden = !helps.has(help.dataset.help);
  clearTimeout(said);
  said = setTimeout(() => {
    const tips = [instead, ...$("_helps").children].filter(tip => !tip.hidden);
    // A screen reader says by itself what has the focus.
    if (focused !== total) tips.unshift(total);
    say(tips.map(tip => tip.textContent.trim()).join(" "));
  }, SAID_AFTER);
}

// What had the focus may be gone; `focused` follows it, since a browser forgets it then.
// The field never is, and looking for it would cost a layout at each letter.
function keepFocus(instead) {
  if (focused && focused !== input && !(focused.isConnected && focused.getClientRects().length)) instead.focus();
}

function fill(list, answers, grow) {
  const kept = grow ? Math.min(list.children.length, answers.length) : 0;
  const items = answers.slice(kept).map(hit);
  if (kept) list.append(...items); else list.replaceChildren(...items);
}

function hit({ type, url, title, excerpt }) {
  // Made in this document, where marks and text join it; a clone would have to move here.
  const item = document.importNode(pattern, true);
  const [kicker, heading, text] = item.children, link = heading.firstElementChild;
  kicker.textContent = types[type]?.label ?? "";
  if (isOwn(url)) link.href = url;
  link.textContent = title;
  mark(text, excerpt);
  return item;
}

function section(code, { total, hits }, grow) {
  const own = $("_others").querySelector(`[lang="${CSS.escape(code)}"]`)
    ?? root.querySelector(`template[data-language="${CSS.escape(code)}"]`).content.firstElementChild.cloneNode(true);
  own.querySelector(".count").textContent = `(${number(total)})`;
  fill(own.querySelector("ol"), hits, grow);
  return own;
}

function chips() {
  const place = $("_chips");
  const all = Object.entries(state.filters).flatMap(([facet, values]) => values.map(value => {
    const chip = $("_chip").content.firstElementChild.cloneNode(true);
    facets.words(facet, value).forEach((text, i) => { chip.children[i + 1].textContent = text; });
    Object.assign(chip.dataset, { facet, value });
    return chip;
  }));
  if (all.length > 1) all.push($("_clear").content.firstElementChild.cloneNode(true));
  place.replaceChildren(...all);
  place.hidden = !all.length;
}

// --- What a visitor does ---

const callOff = whenTyped(input, () => {
  if (input.value === state.q) return;
  go({ q: input.value, typing: input.value.trim() !== "" }, { typed: true });
});

form.addEventListener("submit", event => {
  event.preventDefault();
  callOff();
  go({ q: input.value, typing: false }, { typed: true });
});

$("_chips").addEventListener("click", async ({ target }) => {
  const chip = target.closest("button");
  if (!chip) return;
  const place = [...$("_chips").children].indexOf(chip);
  const { facet, value } = chip.dataset;
  if (!await (facet ? filter({ facet, value }) : go({ filters: {} }))) return;
  const left = $("_chips").children;
  (left[Math.min(place, left.length - 1)] ?? input).focus();
});

$("_instead").lastElementChild.addEventListener("click", ({ target }) => {
  input.value = target.textContent;
  input.focus();
  go({ q: input.value, typing: false });
});

$("_also").addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  const { also } = button.dataset;
  if (!await go({ also: [...new Set([...state.also, also])], page: state.page })) return;
  $("_others").querySelector(`[lang="${CSS.escape(also)}"] a`)?.focus();
});

more.addEventListener("click", async () => {
  const lists = [...root.querySelectorAll(".hits")], lengths = lists.map(list => list.children.length);
  if (!await go({ page: state.page + 1 }, { grow: state === shown })) return;
  const longer = lists.findIndex((list, i) => list.children.length > lengths[i]);
  lists[longer]?.children[lengths[longer]].querySelector("a").focus();
});

// On a phone the results stand below the filters.
way.addEventListener("click", () => {
  total.scrollIntoView();
  total.focus({ preventScroll: true });
});

sort.addEventListener("change", () => go({ sort: sort.value }));
failed.querySelector("button").addEventListener("click", () => {
  input.focus();
  answer();
});

// Chooses what `change` says, and nothing else.
export function choose(change) {
  callOff();
  input.value = "";
  return go({ ...NOTHING, ...change });
}

export function arrive() {
  callOff();
  state = read();
  input.value = state.q;
  document.title = titled(state);
  return answer();
}

addEventListener("popstate", arrive);
// A list page says itself when.
if (!listed) arrive();
