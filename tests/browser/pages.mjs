// Every kind of page of every site: sound by axe in light and in dark, no wider than a
// small phone, readable without JavaScript, walked by keyboard. A fault of the console
// and a request that leaves the site fail any of these (harness.mjs).

import assert from "node:assert/strict";
import { end, origin, samples, sites, sound, test } from "./harness.mjs";

const all = sites.flatMap(samples);
console.log(`${all.length} pages stand for all: ${[...new Set(all.map(({ kind }) => kind))].sort().join(", ")}`);
for (const kind of ["404", "entry", "home", "list", "search", "static-page", "term"]) {
  assert.ok(all.some(page => page.kind === kind), `no page of the kind ${kind} was built`);
}

async function walk(page) {
  const faults = [];
  for (const { url } of all) {
    await page.goto(url, { waitUntil: "load" });
    await sound(page, url).catch(error => faults.push(error.message));
  }
  if (faults.length) throw new Error(faults.join("\n"));
}

// The fictional site allows one host for pictures, which the server of these tests does not;
// the Open Source Guides show pictures that lie elsewhere on their own site.
const named = { hosts: ["https://pictures.fen.example/"], fine: ["https://pictures.fen.example/", "/assets/images/"] };

await test("every kind of page is sound in light, on a desktop", walk, named);
await test("every kind of page is sound in dark, at 320 px", walk, { ...named, colorScheme: "dark", viewport: { width: 320, height: 640 } });

await test("what a page says, it says without JavaScript", async (page) => {
  for (const { url, kind } of all) {
    await page.goto(url);
    const main = page.locator("main");
    assert.ok(await main.locator("h1").first().isVisible(), `${url}: no title is seen`);
    const text = await main.innerText();
    assert.ok(text.trim().length > 20, `${url}: no text is seen`);
    // But for the order of a list, which needs one to be changed.
    if (kind !== "search") assert.equal(await page.locator("main [hidden]:not(.sorting)").count(), 0, `${url}: something waits for a script`);
    // The menu opens without a script as well.
    for (const summary of await page.locator("header summary:visible").all()) {
      await summary.click();
      assert.ok(await summary.evaluate(own => own.parentElement.open), `${url}: the menu does not open`);
    }
  }
}, { ...named, javaScriptEnabled: false, viewport: { width: 360, height: 740 } });

for (const [size, viewport] of [["a phone", { width: 360, height: 740 }], ["a desktop", { width: 1280, height: 900 }]]) {
  await test(`the menu by keyboard alone, on ${size}`, async page => {
    await page.goto(`${origin}/fictional/`);
    await page.keyboard.press("Tab");
    const skip = page.locator(".skip");
    assert.ok(await skip.evaluate(own => own === document.activeElement), "the first stop leads past the menu");
    assert.ok(await skip.isVisible());
    await page.keyboard.press("Enter");
    // A browser tells of it a moment later.
    await page.waitForURL(({ hash }) => hash === "#_main");
    await page.goto(`${origin}/fictional/`);
    let opened = 0, last = "";
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const own = document.activeElement, box = own.getBoundingClientRect();
        const style = getComputedStyle(own), around = getComputedStyle(own.closest(".search, .card") ?? own);
        const marked = [style, around].some(one => one.outlineStyle !== "none" || one.boxShadow !== "none");
        return { name: own.localName, text: own.textContent.trim(), seen: box.width > 0 && box.height > 0, marked, header: Boolean(own.closest("header")) };
      });
      if (!at.header) continue;
      assert.ok(at.seen, `the focus is on something unseen: ${at.text}`);
      assert.ok(at.marked, `the focus is not seen on: ${at.name} ${at.text}`);
      if (at.name === "summary") {
        const before = await page.evaluate(() => document.activeElement.parentElement.open);
        await page.keyboard.press("Enter");
        assert.notEqual(await page.evaluate(() => document.activeElement.parentElement.open), before, at.text);
        opened++;
      }
      last = at.text || last;
    }
    assert.ok(opened > 0, "no menu was met");
  }, { viewport });
}

await end();
