// Walks search as a visitor does, mostly by keyboard: the field of every page, the search
// page, its address, its languages, and what happens when things go wrong.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { end, origin, sound, test } from "./harness.mjs";

const SEARCH = `${origin}/search/`;
const text = (page, selector) => page.locator(selector).first().textContent();
const titles = page => page.locator("#_hits .hit-title").allTextContents();
const parameters = page => Object.fromEntries(new URL(page.url()).searchParams);
const focus = page => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
const total = async page => Number.parseInt(await text(page, "#_total"), 10) || 0;

// Waits until what is shown is what the address says.
async function settled(page, change) {
  const changed = await change;
  await page.waitForTimeout(200);
  await page.waitForFunction(() => !document.querySelector("#_found[aria-busy]"));
  return changed;
}
async function visit(page, query) {
  await page.goto(SEARCH + query);
  await page.locator("#_found").waitFor();
  await settled(page);
}
async function tabTo(page, selector) {
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(wanted => document.activeElement.matches(wanted), selector)) return;
  }
  throw new Error(`no way by keyboard to ${selector}`);
}
// What `look`, a function in the page, finds in each frame until `change` has settled.
async function frames(page, look, change) {
  await page.evaluate(`(() => {
    const look = ${look}, see = () => { seen.push(look()); requestAnimationFrame(see); };
    globalThis.seen = [];
    see();
  })()`);
  await settled(page, change());
  return page.evaluate(() => globalThis.seen);
}
const cli = (...words) => JSON.parse(execFileSync(process.env.EXEMPLA, ["search", "--json", ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));

await test("a page fetches nothing of search before somebody goes to its field", async (page, requests) => {
  await page.goto(`${origin}/practices/`);
  await page.waitForLoadState("networkidle");
  assert.deepEqual(requests.filter(url => url.includes("/search/")), []);
  await tabTo(page, "#site-search");
  await page.keyboard.type("open da", { delay: 40 });
  await page.locator("[role=option]").first().waitFor();
  assert.ok(requests.some(url => url.endsWith("/en/manifest.bin")));
});

await test("the field of a page suggests, by keyboard alone", async page => {
  await page.goto(`${origin}/practices/`);
  await tabTo(page, "#site-search");
  await page.keyboard.type("open data", { delay: 40 });
  const options = page.locator("[role=option]");
  await options.nth(5).waitFor();
  const input = page.locator("#site-search");
  assert.equal(await input.getAttribute("aria-expanded"), "true");
  assert.match(await text(page, ".search [role=status]"), /^\d+ entries$/);
  await sound(page, "with suggestions");
  await page.keyboard.press("ArrowUp");
  assert.match(await text(page, "[aria-selected=true]"), /See all \d+/);
  await page.keyboard.press("ArrowDown");
  assert.equal(await input.getAttribute("aria-activedescendant"), null);
  await page.keyboard.press("ArrowDown");
  assert.equal(await input.getAttribute("aria-activedescendant"), await options.first().getAttribute("id"));
  await page.keyboard.press("Escape");
  assert.equal(await input.getAttribute("aria-expanded"), "false");
  assert.equal(await input.inputValue(), "open data");
  await page.keyboard.press("ArrowDown");
  const first = await text(page, "[aria-selected=true] strong");
  await page.keyboard.press("Enter");
  await page.waitForURL(url => !url.pathname.startsWith("/practices/") || url.pathname.length > 11);
  assert.equal(await text(page, "h1"), first);
});

await test("Enter in the field of a page opens the search page; leaving it closes the list", async page => {
  await page.goto(`${origin}/`);
  await page.locator("#site-search").focus();
  await page.keyboard.type("workshop", { delay: 40 });
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("Tab");
  await page.locator("[role=listbox]").waitFor({ state: "hidden" });
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.locator(".hit").first().waitFor();
  assert.deepEqual(parameters(page), { q: "workshop" });
  assert.equal(await total(page), cli("workshop").total);
});

await test("results come as one types, marked, counted and announced", async page => {
  await page.goto(SEARCH);
  await sound(page, "before searching");
  await tabTo(page, "#_query");
  await page.keyboard.type("participat", { delay: 30 });
  await page.locator(".hit mark").first().waitFor();
  assert.equal(parameters(page).typing, "1");
  assert.equal(await total(page), cli("--typing", "participat").total);
  await page.waitForFunction(() => /^\d+ entries/.test(document.querySelector("#_status").textContent));
  assert.equal(await focus(page), "_query");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.deepEqual(parameters(page), { q: "participat" });
  assert.match(await page.title(), /^participat – /);
});

await test("the order is that of the command line", async page => {
  for (const [query, ...words] of [["?q=open+data", "open data"], ["?q=pilot&sort=date", "--by-date", "pilot"], ["?q=%22public+administrations%22", '"public administrations"']]) {
    await visit(page, query);
    const expected = cli(...words);
    assert.equal(await total(page), expected.total);
    assert.deepEqual(await titles(page), expected.hits.map(({ title }) => title));
  }
});

await test("facets by keyboard: exact counts, chips, address, back and forward", async page => {
  await visit(page, "?q=services");
  const all = await total(page);
  await tabTo(page, "[data-facet=type] input");
  const box = page.locator("[data-facet=type] input").first();
  const count = Number(await text(page, "[data-facet=type] .count"));
  await settled(page, page.keyboard.press("Space"));
  assert.equal(await total(page), count);
  assert.deepEqual(parameters(page), { q: "services", type: await box.inputValue() });
  assert.ok(await box.evaluate(own => own === document.activeElement), "the box keeps the focus");
  const second = page.locator("[data-facet=type] input").nth(1);
  const more = Number(await page.locator("[data-facet=type] .count").nth(1).textContent());
  await settled(page, second.press("Space"));
  assert.equal(await total(page), count + more, "values of one facet are alternatives");
  assert.equal(await page.locator(".chip").count(), 2);
  await sound(page, "with filters");
  await tabTo(page, "[data-facet=policy_areas] summary");
  await settled(page, page.keyboard.press("Enter"));
  const area = page.locator("[data-facet=policy_areas] li:has(ul)").first();
  const [above, below] = await area.locator(".count").allTextContents();
  assert.ok(Number(above) >= Number(below), "what is broader counts what is narrower");
  await settled(page, area.locator("ul input").first().press("Space"));
  assert.equal(await total(page), Number(below));
  assert.equal(await page.locator(".chip").count(), 3);

  const shared = page.url(), hits = await titles(page);
  await settled(page, page.goBack());
  assert.equal(await total(page), count + more);
  assert.equal(await page.locator(".chip").count(), 2);
  await settled(page, page.goBack());
  await settled(page, page.goBack());
  assert.equal(await total(page), all);
  assert.equal(await box.isChecked(), false);
  await settled(page, page.goForward());
  assert.equal(await total(page), count);

  await page.goto("about:blank");
  await page.goto(shared);
  await page.locator(".chip").nth(2).waitFor();
  assert.deepEqual(await titles(page), hits, "a shared link opens the same");
  assert.ok(await page.locator("[data-facet=policy_areas] ul input").first().isVisible());

  // Removing chips, the focus stays among them, then goes to the field.
  await page.locator(".chip").nth(2).focus();
  await settled(page, page.keyboard.press("Enter"));
  assert.match(await focus(page), /^Remove/);
  await settled(page, page.keyboard.press("Enter"));
  assert.equal(await focus(page), "_query");
  assert.equal(await total(page), all);
});

await test("a narrower value that is chosen stays in sight, and new values come", async page => {
  await visit(page, "?q=data");
  const module = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name).find(name => /\/facets\.[0-9a-f]+\.js$/.test(name)));
  const shown = await page.evaluate(async module => {
    const { Facets } = await import(module);
    const root = document.createElement("div");
    root.innerHTML = `<details data-facet="area" open><summary>Area</summary><ul class="choices"></ul><p class="soft"></p><button data-text="{n}"></button></details>`;
    document.body.append(root);
    const facets = new Facets(root, { choice: document.querySelector("#_choice"), labels: {}, changed() {} });
    const many = Array.from({ length: 13 }, (_, i) => [`top-${i}`]);
    const values = [...many, ["broad"], ["middle", "Middle", 13], ["narrow", "Narrow", 14]];
    const counts = Object.fromEntries([...many.map(([id]) => [id, 9]), ["broad", 1], ["middle", 1], ["narrow", 1]]);
    const chosen = { area: ["narrow"] }, describe = async () => ({ values });
    const seen = () => [...root.querySelectorAll("input")].filter(input => input.checkVisibility()).map(({ value }) => value);
    await facets.update({ area: counts }, chosen, describe);
    const first = seen();
    await facets.update({ area: counts }, chosen, describe);
    const again = seen();
    values.push(["new"]);
    await facets.update({ area: { new: 99, ...counts } }, chosen, describe);
    return [first, again, seen()];
  }, module);
  for (const seen of shown) assert.ok(["broad", "middle", "narrow"].every(id => seen.includes(id)), seen.join());
  assert.deepEqual(shown[0], shown[1]);
  assert.ok(shown[2].includes("new") && !shown[1].includes("new"), shown[2].join());
});

await test("what is typed on gives up the suggestion that was chosen", async page => {
  await page.goto(`${origin}/practices/`);
  await tabTo(page, "#site-search");
  await page.keyboard.type("open", { delay: 40 });
  await page.locator("[role=option]").first().waitFor();
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("[role=option][aria-selected=true]").count(), 1);
  await page.keyboard.type(" d");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\/\?q=open/);
  assert.equal(parameters(page).q, "open d");
});

await test("filters without words list what has them", async page => {
  await visit(page, "?type=organisation&countries=nowhere");
  assert.match(await text(page, "#_total"), /Nothing was found/);
  assert.ok(await page.locator("[data-help=unknown-value]").isVisible());
  await visit(page, "?type=organisation");
  assert.equal(await total(page), cli("--type", "organisation").total);
});

await test("a newer query wins over the answer to an older one", async page => {
  let slow = true;
  await page.route("**/en/*.bin", async route => {
    if (slow) await new Promise(later => setTimeout(later, 800));
    await route.continue();
  });
  await page.goto(SEARCH);
  await page.locator("#_query").fill("workshop");
  await page.waitForTimeout(300);
  slow = false;
  await page.locator("#_query").fill("university");
  await page.locator(".hit").first().waitFor();
  await page.waitForTimeout(1200);
  assert.equal(parameters(page).q, "university");
  assert.equal(await total(page), cli("--typing", "university").total);
  await page.locator("#_query").fill("");
  await page.locator("#_browse").waitFor();
  // The address is written after the answer.
  await page.waitForURL(SEARCH);
});

await test("a slip is mended on request", async page => {
  await visit(page, "?q=particpation");
  const button = page.locator("#_instead button");
  assert.equal(await button.textContent(), "participation");
  await sound(page, "with a suggestion");
  await button.focus();
  await settled(page, page.keyboard.press("Enter"));
  assert.equal(await page.locator("#_query").inputValue(), "participation");
  assert.equal(await focus(page), "_query");
  await settled(page, page.goBack());
  assert.equal(await page.locator("#_query").inputValue(), "particpation");
});

await test("more results go on where the first end, and are in the address", async page => {
  await visit(page, "?q=interlink");
  const first = await titles(page);
  assert.equal(first.length, 10);
  await page.locator("#_more").focus();
  await settled(page, page.keyboard.press("Enter"));
  const more = await titles(page);
  assert.equal(more.length, 20);
  assert.deepEqual(more.slice(0, 10), first);
  assert.equal(await focus(page), more[10]);
  await page.reload();
  await page.locator(".hit").nth(19).waitFor();
  assert.deepEqual(await titles(page), more);

  // The last of them take the button away; the focus is never seen on the way.
  const last = page.locator("#_more"), seen = [];
  while (await last.isVisible()) {
    await last.focus();
    seen.push(...await frames(page, () => document.activeElement.id, () => page.keyboard.press("Enter")));
  }
  assert.equal((await titles(page)).length, await total(page));
  assert.deepEqual([...new Set(seen)], ["_more", ""]);
});

await test("a choice, its chip and its hits are seen together", async page => {
  await visit(page, "?q=services");
  const before = await text(page, "#_total");
  const seen = await frames(page, () => `${document.querySelector("#_total").textContent}: ${document.querySelectorAll(".chip").length}`,
    () => page.locator("[data-facet=type] input").first().press("Space"));
  assert.deepEqual([...new Set(seen)], [`${before}: 0`, `${await text(page, "#_total")}: 1`]);
});

await test("what is done while an answer is awaited counts", async page => {
  await visit(page, "?q=services&type=practice");
  const group = page.locator("[data-facet=policy_areas]"), summary = group.locator("summary");
  const counts = () => group.locator(".count:visible").allTextContents();
  await settled(page, summary.press("Enter"));
  const before = await counts();
  await summary.press("Enter");
  let slow = true;
  await page.route("**/en/*.bin", async route => {
    if (slow) await new Promise(later => setTimeout(later, 800));
    await route.continue();
  });
  // Asked while the group is closed, and opened before the answer.
  await page.locator("#_query").fill("participation");
  await page.waitForTimeout(300);
  await summary.press("Enter");
  slow = false;
  await page.waitForTimeout(1200);
  await settled(page);
  const after = await counts();
  assert.notDeepEqual(after, before);
  await visit(page, "?q=participation&typing=1&type=practice");
  await settled(page, summary.press("Enter"));
  assert.deepEqual(after, await counts());
  await settled(page, page.evaluate(() => {
    const chip = document.querySelector(".chip");
    chip.click();
    chip.click();
  }));
  assert.deepEqual(parameters(page), { q: "participation", typing: "1" });

  // More of what is no longer asked begins anew.
  await visit(page, "?q=services");
  await settled(page, page.evaluate(() => {
    document.querySelector("[data-facet=type] input").click();
    document.querySelector("#_more").click();
  }));
  const both = cli("--limit", "20", "--type", parameters(page).type, "services");
  assert.deepEqual(await titles(page), both.hits.map(({ title }) => title));

  // A value that was taken away does not come back with another one; whoever types keeps the focus.
  await visit(page, "?q=services&type=practice");
  const kept = await settled(page, page.evaluate(() => {
    const chip = document.querySelector(".chip"), field = document.querySelector("#_query");
    const other = [...document.querySelectorAll("[data-facet=type] input")].find(({ value }) => value !== "practice");
    chip.click();
    other.click();
    field.focus();
    field.value += " for";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    return other.value;
  }));
  assert.deepEqual(parameters(page), { q: "services for", typing: "1", type: kept });
  assert.equal(await focus(page), "_query");
});

await test("sorting is by keyboard and in the address", async page => {
  await visit(page, "?q=interlink");
  await page.locator("#_sort").focus();
  await settled(page, page.keyboard.press("ArrowDown"));
  assert.deepEqual(parameters(page), { q: "interlink", sort: "title" });
  assert.deepEqual(await titles(page), cli("--by-title", "interlink").hits.map(({ title }) => title));
  await settled(page, page.keyboard.press("ArrowDown"));
  assert.deepEqual(parameters(page), { q: "interlink", sort: "date" });
  assert.deepEqual(await titles(page), cli("--by-date", "interlink").hits.map(({ title }) => title));
});

const LIST = `${origin}/practices/`, CARDS = "#_browse .card-title";

await test("a list is filtered and sorted in place, by keyboard, and back", async (page, requests) => {
  await page.goto(LIST);
  const cards = await page.locator(".card-title").allTextContents();
  await tabTo(page, "[data-facet=problems] a");
  const label = await page.evaluate(() => document.activeElement.firstElementChild.textContent);
  await settled(page, page.keyboard.press("Enter"));
  await page.locator("#_found").waitFor();
  const { problems } = parameters(page);
  const expected = cli("--type", "practice", "--problems", problems, "--by-title");
  assert.ok(expected.total > 0 && expected.total < cards.length);
  assert.deepEqual(await titles(page), expected.hits.map(({ title }) => title));
  assert.equal(await total(page), expected.total);
  assert.ok(await page.locator(CARDS).first().isHidden());
  assert.equal(await page.locator("[data-facet=type]").count(), 0, "all are practices");
  assert.ok(await page.evaluate(() => document.activeElement.checked), "its box has the focus");
  assert.ok((await text(page, ".chip")).includes(label));
  await sound(page, "a filtered list");

  await settled(page, page.locator("#_sort").selectOption("date"));
  assert.deepEqual(await titles(page), cli("--type", "practice", "--problems", problems, "--by-date").hits.map(({ title }) => title));
  await settled(page, page.locator("#_query").pressSequentially("data", { delay: 30 }));
  await page.locator(".hit mark").first().waitFor();
  assert.deepEqual(parameters(page), { q: "data", typing: "1", problems, sort: "date" });
  const shared = page.url(), found = await titles(page);

  await page.goBack();
  await page.goBack();
  await settled(page, page.goBack());
  assert.equal(page.url(), LIST);
  assert.deepEqual(await page.locator(`${CARDS}:visible`).allTextContents(), cards);
  await settled(page, page.locator("#_order").selectOption("date"));
  assert.deepEqual(parameters(page), { sort: "date" });
  assert.equal(await focus(page), "_sort");
  assert.equal(await total(page), cards.length);
  await settled(page, page.locator("#_sort").selectOption("title"));
  assert.deepEqual(await page.locator(`${CARDS}:visible`).allTextContents(), cards, "its own order is the list itself");

  await page.goto(shared);
  await page.locator(".hit mark").first().waitFor();
  assert.deepEqual(await titles(page), found, "a shared link opens the same");
  await page.route("**/search/", route => route.abort());
  requests.length = 0;
  await page.goto(LIST);
  const link = page.locator("[data-facet=problems] a").first(), href = await link.getAttribute("href");
  await link.press("Enter");
  await page.waitForURL(`${origin}${href}`);
  assert.ok(await page.locator("h1").isVisible(), "a link is a link where the parts cannot be had");
}, { fine: ["Failed to load resource"] });

// Of this list, not of the site: what a filter promises is what it gives.
await test("the numbers beside a list are what its filters give", async page => {
  await page.goto(LIST);
  const links = await page.locator(".list-side a[data-value]").evaluateAll(all => all.map(({ dataset, lastElementChild, parentElement }) =>
    ({ facet: parentElement.closest("[data-facet]").dataset.facet, value: dataset.value, count: Number(lastElementChild.textContent) })));
  assert.ok(links.length > 20);
  for (const { facet, value, count } of links.filter((_, i) => i % 5 === 0)) {
    await page.goto(`${LIST}?${facet}=${value}`);
    await page.locator("#_found").waitFor();
    await settled(page);
    assert.equal(await total(page), count, `${facet} ${value}`);
  }
});

await test("a filtered list keeps the filters that it had, as they were", async page => {
  await page.goto(LIST);
  const filters = () => page.locator(".list-side:visible [data-facet]").evaluateAll(all => all.map(({ dataset, open }) => [dataset.facet, open]));
  const before = await filters();
  await settled(page, page.locator("[data-facet=phases] a").first().press("Enter"));
  await page.locator("#_found").waitFor();
  assert.deepEqual(await filters(), before);
});

await test("on a phone a choice shows at once what it comes to, and the way there", async page => {
  const seen = place => place.evaluate(own => {
    const { top, bottom } = own.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  });
  await page.goto(LIST);
  await page.locator(".folds > summary:visible").click();
  await settled(page, page.locator("[data-facet=problems] a").nth(2).click());
  await page.locator("#_found").waitFor();
  const box = page.locator("[data-facet=problems] input:checked");
  assert.ok(await box.evaluate(own => own === document.activeElement), "the panel stays open, at what was chosen");
  await page.waitForTimeout(500);
  assert.ok(await seen(box), "the box is seen");
  const way = page.locator("#_show");
  assert.ok(await seen(way), "the number is seen");
  const first = await way.textContent();
  assert.match(first, new RegExp(`^Show ${await total(page)} entr`));
  await sound(page, "filtering on a phone");
  await settled(page, page.locator("[data-facet=problems] input:not(:checked)").first().click());
  assert.notEqual(await way.textContent(), first, "the number follows each choice");
  await way.click();
  await page.waitForTimeout(500);
  assert.equal(await focus(page), "_total");
  assert.ok(await seen(page.locator("#_total")) && await seen(page.locator(".hit-title").first()), "the results are seen");
}, { viewport: { width: 360, height: 740 } });

await test("a total is said, and is not left standing to be read twice", async page => {
  await visit(page, "?q=data");
  await page.waitForFunction(() => /^\d+ entries/.test(document.querySelector("#_status").textContent));
  await page.waitForFunction(() => !document.querySelector("#_status").textContent);
  const group = page.locator("#_facets fieldset").first();
  assert.equal(await group.locator("legend").count(), 0);
  const name = await group.getAttribute("aria-labelledby");
  assert.equal(await page.locator(`#${name}`).evaluate(own => own.localName), "summary");
});

await test("a list that is gone back to shows its order, and says it", async page => {
  await page.goto(LIST);
  const cards = await page.locator(".card-title").allTextContents();
  await page.locator("#_order").selectOption("date");
  await page.locator(".hit").first().waitFor();
  await settled(page);
  const found = await titles(page);
  await page.locator(".hit a").first().click();
  await page.locator(".entry-head").waitFor();
  await page.goBack();
  await page.locator(".hit").first().waitFor();
  await settled(page);
  assert.equal(await page.locator("#_sort").inputValue(), "date");
  assert.deepEqual(await titles(page), found);
  await settled(page, page.goBack());
  assert.equal(page.url(), LIST);
  assert.equal(await page.locator("#_order").inputValue(), "title");
  assert.deepEqual(await page.locator(`${CARDS}:visible, .list-main > .cards .card-title`).allTextContents(), cards);
  // The same where a script was too late for a choice.
  await page.goto(LIST);
  await page.locator("#_order").evaluate(own => { own.value = "date"; });
  await page.locator(".card-title a").first().click();
  await page.locator(".entry-head").waitFor();
  await page.goBack();
  await page.locator("#_order").waitFor();
  const kept = await page.locator(".card-title:visible").allTextContents();
  assert.deepEqual([await page.locator("#_order").inputValue(), kept], ["title", cards]);
});

await test("a list without JavaScript has links, and no control that needs it", async page => {
  await page.goto(LIST);
  assert.ok(await page.locator("#_order").isHidden());
  const link = page.locator("[data-facet=problems] a").first(), href = await link.getAttribute("href");
  const promised = Number(await link.locator(".count").textContent());
  await link.press("Enter");
  await page.waitForURL(`${origin}${href}`);
  assert.ok(await page.locator(".card-title").first().isVisible());
  const group = page.locator(new URL(page.url()).hash || ".total");
  assert.equal(Number(/\d+/.exec(await group.textContent())[0]), promised, "what was promised stands there");
}, { javaScriptEnabled: false });

await test("a page speaks its own language, and offers others on demand", async page => {
  await page.goto(`${origin}/fictional/it/search/?q=lanterna`);
  await page.locator(".hit").first().waitFor();
  await settled(page);
  assert.equal(await text(page, "#_total"), "1 scheda");
  assert.equal(await page.locator("#_others section").count(), 0);
  const also = page.locator("#_also button:visible");
  assert.match(await also.textContent(), /English/);
  await settled(page, also.press("Enter"));
  const section = page.locator("#_others section[lang=en]");
  const count = Number((await section.locator("h2 .count").textContent()).replace(/\D/g, ""));
  assert.ok(count > 0);
  assert.equal(parameters(page).also, "en");
  assert.equal(await focus(page), await section.locator("a").first().textContent());
  await sound(page, "two languages");
  // Nothing in Italian: how many there are elsewhere is said at once.
  await page.goto(`${origin}/fictional/it/search/?q=zzzz+frostwane`);
  await page.locator("#_found").waitFor();
  await page.waitForFunction(() => /\(\d+\)/.test(document.querySelector("#_also").textContent));
  const words = await page.locator("#_search").innerText();
  for (const english of ["entries", "Nothing", "Narrow", "Search", "Sort"]) assert.ok(!words.includes(english), english);
});

await test("from right to left", async page => {
  await page.goto(`${origin}/rtl/search/`);
  await page.locator("#_query").pressSequentially("البئر", { delay: 40 });
  await page.locator(".hit mark").first().waitFor();
  assert.equal((await titles(page)).length, 2);
  await sound(page, "right to left");
  const [facets, list] = [await page.locator("#_facets").boundingBox(), await page.locator("#_hits").boundingBox()];
  assert.ok(facets.x > list.x, "facets stand on the right");
  await page.goto(`${origin}/rtl/practices/`);
  await page.locator("#site-search").pressSequentially("سوق", { delay: 40 });
  await page.locator("[role=option]").first().waitFor();
  const [list_, field] = [await page.locator("[role=listbox]").boundingBox(), await page.locator("form.search").boundingBox()];
  assert.ok(Math.abs(list_.x - field.x) < 2 && Math.abs(list_.width - field.width) < 2);
});

await test("what cannot be fetched ends in a message and a way on", async page => {
  await page.route("**/search-pack/en/**", route => route.abort());
  await page.goto(`${SEARCH}?q=data`);
  await page.locator("#_failed").waitFor();
  assert.ok(await page.locator("#_browse a").first().isVisible());
  assert.match(await text(page, "#_status"), /did not work/);
  await sound(page, "after a failure");
  await page.unroute("**/search-pack/en/**");
  await page.locator("#_failed button").press("Enter");
  await page.locator(".hit").first().waitFor();
  assert.ok(await page.locator("#_failed").isHidden());
  await page.route("**/search-pack/en/**", route => route.fulfill({ body: "damaged" }));
  await page.goto(`${SEARCH}?q=data`);
  await page.locator("#_failed").waitFor();
}, { fine: ["Failed to load resource"] });

await test("words from the address are words", async page => {
  await page.goto(`${SEARCH}?q=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E+data&type=%3Cb%3E&sort=x&page=-4&also=xx`);
  await page.locator("#_found").waitFor();
  await settled(page);
  assert.equal(await page.locator("#_search img, #_search b").count(), 0);
  assert.match(await text(page, ".chip"), /<b>/);
});

await test("counts that cannot be had take no hits away, and can be asked for again", async page => {
  await visit(page, "?q=open");
  const before = await titles(page);
  const group = page.locator("#_facets [data-facet=policy_areas]");
  assert.ok(before.length > 0);
  await page.route("**/search-pack/en/**", route => route.fulfill({ body: "damaged" }));
  await settled(page, group.locator("summary").press("Enter"));
  await group.getByText("did not work").waitFor();
  assert.deepEqual(await titles(page), before);
  assert.ok(await page.locator("#_failed").isHidden());
  await page.unroute("**/search-pack/en/**");
  await group.locator("summary").press("Enter");
  await settled(page, group.locator("summary").press("Enter"));
  await group.locator("input").first().waitFor();
  assert.ok(await group.getByText("did not work").isHidden());
}, { fine: ["Failed to load resource"] });

await test("a search that fails keeps the focus, one of several languages says so", async page => {
  await visit(page, "?q=open");
  const before = await titles(page);
  await page.route("**/search-pack/it/**", route => route.abort());
  const also = page.locator("#_also button[data-also=it]");
  for (let i = 0; i < 2; i++) await settled(page, also.press("Enter"));
  await page.locator("#_failed").waitFor();
  assert.deepEqual(await titles(page), before);
  assert.match(await text(page, "#_status"), /did not work/);
  assert.deepEqual(new URL(page.url()).searchParams.getAll("also"), ["it"]);
  const warned = await frames(page, () => !document.querySelector("#_failed").hidden, () => page.locator("#_sort").selectOption("title"));
  assert.deepEqual([...new Set(warned)], [true], "what is lost is said without a break");
  await visit(page, "?q=public");
  await page.route("**/search-pack/**", route => route.abort());
  await page.locator("#_sort").focus();
  await page.locator("#_sort").selectOption("title");
  await page.locator("#_failed").waitFor();
  assert.equal(await focus(page), "Try again");
}, { fine: ["Failed to load resource"] });

await test("a search that takes long says so", async page => {
  await page.route("**/search-pack/**", async route => {
    await new Promise(later => setTimeout(later, 900));
    await route.continue();
  });
  await page.goto(`${SEARCH}?q=open`);
  await page.locator("#_total").getByText("Searching").waitFor();
  await page.locator(".hit").first().waitFor();
  assert.match(await text(page, "#_total"), /^\d+ entries/);
});

await test("of two choices in a list that is still made ready, the last counts", async page => {
  await page.route("**/search/page*.js", async route => {
    await new Promise(later => setTimeout(later, 1200));
    await route.continue();
  });
  await page.goto(`${origin}/practices/`);
  const links = page.locator("[data-live] [data-facet] a[data-value]:visible");
  const last = await links.nth(1).getAttribute("data-value");
  await links.nth(0).click();
  await page.waitForTimeout(300);
  await page.locator(`a[data-value="${last}"]`).click();
  await page.locator(".hit").first().waitFor();
  await settled(page);
  assert.deepEqual(Object.values(parameters(page)), [last]);
  await page.goBack();
  assert.deepEqual(parameters(page), {});
});

await test("what is typed is seen on the front page too", async page => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${origin}/`);
    const [ink, paper] = await page.locator("#site-search").evaluate(field => {
      const { color, backgroundColor } = getComputedStyle(field);
      return [color, backgroundColor].map(value => value.match(/[\d.]+/g).slice(0, 3).reduce((sum, n) => sum + Number(n), 0));
    });
    assert.ok(Math.abs(ink - paper) > 380, `${colorScheme}: ${ink} on ${paper}`);
  }
});

await test("without JavaScript the page leads to what can be browsed", async page => {
  await page.goto(SEARCH);
  assert.ok(await page.locator("noscript p").isVisible());
  const links = await page.locator("#_browse a").evaluateAll(all => all.map(({ href }) => href));
  assert.ok(links.length > 10);
  for (const link of links) assert.equal((await page.request.get(link)).status(), 200, link);
  const [practices] = links;
  await page.goto(practices);
  await page.locator("#site-search").fill("data");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\/\?q=data$/);
  assert.ok(await page.locator("#_browse").isVisible());
}, { javaScriptEnabled: false });

for (const [name, options] of [
  ["dark, on a phone", { colorScheme: "dark", viewport: { width: 320, height: 700 } }],
  ["in forced colours", { forcedColors: "active" }],
  ["on a desktop", {}],
]) {
  await test(`sound ${name}`, async page => {
    await visit(page, "?q=particpation+data&type=practice&policy_areas=participation&policy_areas=governing");
    await page.evaluate(() => document.querySelectorAll("#_search details").forEach(details => { details.open = true; }));
    await settled(page, page.locator("[data-facet=tags] input").first().waitFor());
    await sound(page, "all unfolded");
    await visit(page, "?q=%22zzqqx%22");
    await sound(page, "nothing found");
  }, options);
}

await end();
