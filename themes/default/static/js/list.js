// A list page, filtered and sorted in place. Enters: a list whose filters are links, which
// works without this. Leaves: the same page, with the search page's own parts in it, fetched
// when they are first wanted. If they cannot be had, a link is a link.

const list = document.querySelector("[data-live]");
const order = list.querySelector("select");
const { only, value, sort, label } = list.dataset;
let ready, asked = 0;

// Puts the search page's parts around the list, which they show when nothing is chosen.
async function prepare() {
  const answer = await fetch(list.dataset.live);
  if (!answer.ok) throw new Error(answer.statusText);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const have = new Set([...document.styleSheets].map(({ href }) => href));
  const lacking = [...page.querySelectorAll("link[rel=stylesheet]")].filter(({ href }) => !have.has(href));
  await Promise.all(lacking.map(({ href }) => new Promise((onload, onerror) => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload, onerror }));
  })));
  const search = document.adoptNode(page.getElementById("_search"));
  Object.assign(search.dataset, { only, value, sort });
  // The page has another form that searches.
  search.querySelector("form").ariaLabel = label;
  search.querySelector("label").textContent = search.querySelector("input").placeholder = label;
  if (only === "type") keepFilters(search);
  list.replaceWith(search);
  search.querySelector("#_browse").replaceWith(list);
  list.id = "_browse";
}

// Leaves the filters that the list has, open as they are: nothing jumps from under a finger.
function keepFilters(search) {
  const panel = search.querySelector("#_facets"), own = name => list.querySelector(`[data-facet="${CSS.escape(name)}"]`);
  for (const group of panel.querySelectorAll("[data-facet]")) {
    const same = own(group.dataset.facet);
    if (same) group.open = same.open; else group.remove();
  }
  const rest = panel.querySelector(".rest");
  if (rest) rest.replaceWith(...rest.querySelectorAll("[data-facet]"));
  panel.querySelector(".folds").open = !!list.querySelector(".folds")?.open;
}

// Answers what the address says, or what `choose` makes of it; says whether nothing else
// was asked meanwhile.
async function show(choose = page => page.arrive()) {
  const own = ++asked;
  list.setAttribute("aria-busy", "true");
  try {
    await (ready ??= prepare());
    const page = await import("../search/page.js");
    if (own === asked) await choose(page);
  } finally {
    if (own === asked) list.removeAttribute("aria-busy");
  }
  return own === asked;
}

list.addEventListener("click", async event => {
  const link = event.target.closest("a[data-value]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { facet } = link.closest("[data-facet]").dataset, { value } = link.dataset;
  try {
    if (!await show(page => page.choose({ filters: { [facet]: [value] } }))) return;
    const box = document.querySelector(`[data-facet="${CSS.escape(facet)}"] input[value="${CSS.escape(value)}"]`);
    (box?.getClientRects().length ? box : document.querySelector("#_failed:not([hidden]) button") ?? link).focus();
  } catch {
    location.assign(link.href);
  }
});

order.addEventListener("change", async () => {
  const chosen = order.value;
  order.value = sort;
  try {
    if (await show(page => page.choose({ sort: chosen }))) document.getElementById("_sort").focus();
  } catch {
    order.parentElement.hidden = true;
  }
});

order.parentElement.hidden = false;
if (location.search) show().catch(() => {});
