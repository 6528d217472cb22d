// An editor at work: from an empty folder on, with the page open that is written.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { end, test } from "./harness.mjs";

const { EXEMPLA: exempla, BROWSER_TESTS: work } = process.env;
const site = join(work, "written");
rmSync(site, { recursive: true, force: true });
assert.equal(spawnSync(exempla, ["init", site]).status, 0, "a new site");
const put = (name, text) => {
  mkdirSync(join(site, name, ".."), { recursive: true });
  writeFileSync(join(site, name), text);
};
const settings = readFileSync(join(site, "site.toml"), "utf8");
put("site.toml", `theme = "mine"\n${settings.replace(/^theme = .*$/m, "")}`);
put("themes/mine/theme.toml", "name = 'mine'\nversion = '1'\nexempla = '>=0.1'\n");

let child;
const serve = port => new Promise(done => {
  child = spawn(exempla, ["serve", "--root", site, "--port", port], { stdio: ["ignore", "ignore", "pipe"] });
  createInterface(child.stderr).on("line", line => {
    const at = line.match(/http:\/\/\S+/);
    if (at) done(at[0]);
  });
});
const address = await serve("0");

const file = "content/practices/written.md";
const entry = (words, more = "") => `---
title: As it is written
summary: An entry that somebody is writing while others look at what becomes of it.
problems: [unclear-needs]
policy_areas: [digital-services]
${more}---
## Problem

${words}

${"A paragraph that makes the page long enough to be scrolled.\n\n".repeat(60)}`;
const options = { hosts: [address], fine: ["404"] };
const open = page => page.goto(`${address}practices/written/`);
const says = (page, words) => page.getByText(words, { exact: true }).first().waitFor();
// A theme may let its pages glide; a test must know where they stand.
const scroll = (page, top) => page.evaluate(top => scrollTo({ top, behavior: "instant" }), top);
const overlay = page => page.locator("exempla-live section");

put(file, entry("First words."));
for (let tries = 0; (await fetch(`${address}practices/written/`)).status !== 200; tries++) {
  assert.ok(tries < 1000, "a new file has a page");
  await new Promise(done => setTimeout(done, 20));
}

await test("a saved change shows by itself, where the page was scrolled to", async page => {
  await open(page);
  await says(page, "First words.");
  await scroll(page, 700);
  put(file, entry("Second words."));
  await page.waitForFunction(() => document.body.textContent.includes("Second words."));
  await page.waitForFunction(() => scrollY === 700);
}, options);

await test("a style sheet is swapped while the page stays", async page => {
  await open(page);
  await page.evaluate(() => { globalThis.stays = true; });
  await scroll(page, 500);
  const css = readFileSync("themes/default/static/css/entry.css", "utf8");
  for (const colour of ["rgb(1, 2, 3)", "rgb(4, 5, 6)"]) {
    put("themes/mine/static/css/entry.css", `${css}\nmain { outline: 3px solid ${colour}; }\n`);
    await page.waitForFunction(colour => getComputedStyle(document.querySelector("main")).outlineColor === colour, colour);
    await page.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet][href*='entry.']").length === 1);
  }
  assert.equal(await page.evaluate(() => [globalThis.stays, scrollY].join()), "true,500");
  rmSync(join(site, "themes/mine/static"), { recursive: true });
  await page.waitForFunction(() => getComputedStyle(document.querySelector("main")).outlineStyle === "none");
}, options);

for (const [name, viewport] of [["desktop", { width: 1280, height: 900 }], ["phone", { width: 360, height: 740 }]]) {
  await test(`what is wrong lies over the last good page until it is mended: ${name}`, async page => {
    put(file, entry("Good words."));
    await open(page);
    await says(page, "Good words.");
    put(file, entry("Words behind an error.", "countries: [IT, Narnia]\n"));
    await overlay(page).getByText("countries: [IT, Narnia]").waitFor();
    await says(page, "Good words.");
    const [width, over] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    assert.ok(over <= width, "nothing is wider than the window");
    await page.screenshot({ path: join(work, `overlay-${name}.png`) });
    // A new visitor sees it too, and can put it away.
    await page.reload();
    await overlay(page).getByRole("button", { name: "Close" }).click();
    await overlay(page).waitFor({ state: "hidden" });
    put(file, entry("Words behind an error.", "countries: [IT, Utopia]\n"));
    await overlay(page).getByText("Utopia").first().waitFor();
    put(file, entry("Mended words.", "countries: [IT]\n"));
    await overlay(page).waitFor({ state: "hidden" });
    await says(page, "Mended words.");
  }, { ...options, viewport });
}

await test("a template that cannot be rendered is told, and the last good page stays", async page => {
  await open(page);
  put("themes/mine/templates/practice.html", "<body>{{ nothing.like.it }}</body>");
  await overlay(page).getByText("themes/mine/templates/practice.html").waitFor();
  await says(page, "Mended words.");
  rmSync(join(site, "themes/mine/templates"), { recursive: true });
  await overlay(page).waitFor({ state: "hidden" });
}, options);

await test("a renamed entry leaves, a deleted one too, and comes back", async page => {
  await open(page);
  renameSync(join(site, file), join(site, "content/practices/renamed.md"));
  await page.locator("body.kind-404").waitFor();
  await page.goto(`${address}practices/renamed/`);
  await says(page, "Mended words.");
  const text = readFileSync(join(site, "content/practices/renamed.md"));
  rmSync(join(site, "content/practices/renamed.md"));
  await page.locator("body.kind-404").waitFor();
  put("content/practices/renamed.md", text);
  await says(page, "Mended words.");
}, options);

await test("a draft is marked", async page => {
  put(file, entry("Unfinished words.", "status: draft\n"));
  await page.goto(`${address}practices/`);
  await page.getByRole("link", { name: "As it is written" }).first().waitFor();
  await open(page);
  await page.locator("exempla-live p").getByText("A draft: not published yet").waitFor();
}, options);

await test("an open page goes on with a server that was started again", async page => {
  await open(page);
  await says(page, "Unfinished words.");
  await new Promise(done => { child.on("exit", done).kill("SIGINT"); });
  put(file, entry("Words of another day."));
  await serve(new URL(address).port);
  await says(page, "Words of another day.");
}, { ...options, fine: ["404", "ERR_CONNECTION_REFUSED", "ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_EMPTY_RESPONSE"] });

await end();
child.kill("SIGINT");
