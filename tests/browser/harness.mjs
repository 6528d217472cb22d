// A browser, a static server that sends the policy which the theme promises to live
// under, and a line a test. What goes wrong on any page of a test makes it fail.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const work = process.env.BROWSER_TESTS;
const require = createRequire(join(work, "package.json"));
const { chromium } = require("playwright-core");
const axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png", ".json": "application/json", ".jpg": "image/jpeg", ".webp": "image/webp", ".webmanifest": "application/manifest+json", ".xml": "application/xml" };

// The sites that tests/browser/run built; the example stands at the root.
export const sites = readdirSync(join(work, "sites"));
const home = site => site === "example" ? "/" : `/${site}/`;

// Every page of a site: its address, its file's text, and what kind of page it is.
export function pages(site) {
  const folder = join(work, "sites", site);
  return readdirSync(folder, { recursive: true })
    .map(name => name.replaceAll("\\", "/"))
    .filter(name => name.endsWith(".html") && !name.startsWith(".exempla"))
    .sort()
    .map(name => {
      const html = readFileSync(join(folder, name), "utf8");
      const kind = html.match(/<body class="kind-([\w-]+)"/)?.[1] ?? "redirect";
      return { url: origin + home(site) + name.replace(/(^|\/)index\.html$/, "$1"), html, kind, site, name };
    });
}

// One page of each kind in each language; of entries, one of each folder.
export function samples(site) {
  const seen = new Map();
  for (const page of pages(site)) {
    const lang = page.html.match(/<html lang="([^"]+)"/)?.[1];
    // Translations stand in a folder that is named for their language.
    const own = page.name.startsWith(`${lang}/`) ? lang : page.name.split("/")[0];
    const key = page.kind === "entry" ? `${page.kind} ${own}` : `${page.kind} ${lang}`;
    // The longest page of a kind has most that could be wrong.
    if (page.html.length > (seen.get(key)?.html.length ?? 0)) seen.set(key, page);
  }
  return [...seen.values()].filter(({ kind }) => kind !== "redirect");
}

const server = createServer(async (request, reply) => {
  const path = normalize(decodeURIComponent(new URL(request.url, "http://localhost").pathname));
  const [, first] = path.split("/");
  const folder = join(work, "sites", sites.includes(first) && first !== "example" ? "" : "example");
  try {
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    const body = await readFile(file);
    reply.writeHead(200, {
      "content-type": KINDS[extname(file)] ?? "application/octet-stream",
      "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'",
    }).end(body);
  } catch {
    reply.writeHead(404).end();
  }
});
await new Promise(done => server.listen(0, "localhost", done));
export const origin = `http://localhost:${server.address().port}`;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

let passed = 0, failed = 0;

// Runs a test with a page of its own. `fine` lists messages of the console
// that it expects, `hosts` addresses beyond the site that may be asked.
export async function test(name, run, { fine = [], hosts = [], ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const faults = [], requests = [];
  context.on("weberror", error => faults.push(`error: ${error.error().stack}`));
  context.on("console", message => {
    const text = `${message.text()} ${message.location().url}`;
    if (["error", "warning"].includes(message.type()) && !fine.some(known => text.includes(known))) faults.push(text);
  });
  context.on("request", request => {
    requests.push(request.url());
    const allowed = [`${origin}/`, ...hosts];
    if (!allowed.some(start => request.url().startsWith(start))) faults.push(`a request leaves the site: ${request.url()}`);
  });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(20000);
    // A machine that does much else is slow to load a page.
    page.setDefaultNavigationTimeout(30_000);
    await run(page, requests);
    if (faults.length) throw new Error(faults.join("\n"));
    passed++;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}\n${String(error.stack ?? error).replace(/^/gm, "      ")}`);
  }
  await context.close();
}

export async function end() {
  await browser.close();
  server.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

// Holds the page to WCAG and axe's own good habits, and to the width of its window.
export async function sound(page, what) {
  // As somebody's tool, past the page's policy.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  if (found.length) throw new Error(`${what}: ${found.join("\n")}`);
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (over > 0) throw new Error(`${what}: ${over} px too wide`);
}
