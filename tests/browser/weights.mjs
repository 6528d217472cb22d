// What a visitor loads, as a host sends it: compressed.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { end, samples, sites, test } from "./harness.mjs";

const KB = 1024;
const size = body => gzipSync(body, { level: 9 }).length;

await test("an entry without pictures is under 30 KB in all, its style sheets under 12 KB", async page => {
  const loaded = [];
  page.on("response", response => loaded.push(response));
  for (const site of sites) {
    for (const { url, html, kind } of samples(site).filter(({ kind }) => ["entry", "home", "list"].includes(kind))) {
      if (kind === "entry" && /<main[^]*<img/.test(html)) continue;
      // What the page before still loads ends here.
      await page.goto("about:blank");
      loaded.length = 0;
      await page.goto(url, { waitUntil: "load" });
      let all = 0, styles = 0;
      for (const response of loaded) {
        const type = response.request().resourceType();
        if (type === "image" || response.status() >= 300) continue;
        // Asked for anew: the browser keeps no body for long.
        const bytes = size(await (await page.request.get(response.url())).body());
        all += bytes;
        if (type === "stylesheet") styles += bytes;
      }
      assert.ok(styles < 12 * KB, `${url}: style sheets of ${styles} bytes`);
      // A list is as long as its cards; its frame is what is measured of it.
      if (kind === "entry") assert.ok(all < 30 * KB, `${url}: ${all} bytes in all`);
    }
  }
}, { fine: ["Failed to load resource"] });

await end();
