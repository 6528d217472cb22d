// The picture that a browser chooses fits its window.

import assert from "node:assert/strict";
import { end, origin, test } from "./harness.mjs";

async function chosen(page) {
  await page.goto(`${origin}/photos/practices/bridge/`);
  const images = page.locator("main img");
  assert.equal(await images.count(), 2);
  const out = [];
  for (const image of await images.all()) {
    await image.scrollIntoViewIfNeeded();
    await image.evaluate(own => own.complete || new Promise(done => { own.onload = done; }));
    out.push(await image.evaluate(own => ({
      width: Number(own.currentSrc.match(/-(\d+)\.[0-9a-f]+\.webp$/)?.[1]),
      shown: own.getBoundingClientRect().width,
      ratio: own.getBoundingClientRect().width / own.getBoundingClientRect().height,
      said: own.width > 0 && own.getAttribute("width") === "2400" && own.getAttribute("height") === "1600",
    })));
  }
  return out;
}

for (const [name, options, most] of [
  ["a phone", { viewport: { width: 360, height: 740 } }, 360],
  ["a phone with a fine screen", { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 }, 720],
  ["a desktop", {}, 1080],
  ["a desktop with a fine screen", { deviceScaleFactor: 2 }, 1600],
]) {
  await test(`a photograph on ${name}`, async page => {
    const scale = options.deviceScaleFactor ?? 1;
    for (const image of await chosen(page)) {
      assert.ok(image.width <= most, `${image.width} px were loaded for ${image.shown}`);
      assert.ok(image.width >= Math.min(image.shown * scale, 1600) * 0.99, `${image.width} px are too few for ${image.shown}`);
      assert.ok(Math.abs(image.ratio - 1.5) < 0.02, "it keeps its shape");
      assert.ok(image.said);
    }
  }, options);
}

await test("a picture keeps its place before it is there", async page => {
  // Asked for, and never answered.
  await page.route("**/*.{webp,jpg}", () => {});
  await page.goto(`${origin}/photos/practices/bridge/`, { waitUntil: "domcontentloaded" });
  const box = await page.locator("main img").first().boundingBox();
  assert.ok(Math.abs(box.width / box.height - 1.5) < 0.02);
});

await end();
