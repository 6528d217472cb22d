// What a search costs: bytes, requests and rounds of requests of a first query and of later
// ones, and the time from a key to the result, in Chromium. Usage: measure.mjs FOLDER, which has
// the site in `out` and perhaps Pagefind's files of the same pages in `pagefind`.
//
// Bytes are bodies as a static host sends them: text in brotli, other files as they are.
// A first query is asked with an empty cache, a later one in a tab that has asked those
// before it. Of ours all scripts count and all of the pack; of Pagefind its module and
// what that fetches for ten results, but nothing to show them with. A request belongs to
// the round after the last one that had been answered when it was sent; scripts, which
// are there before anybody types, to none. Each answer takes a while so that this shows.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { extname, join, resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";

const require = createRequire(join(process.cwd(), "package.json"));
const { chromium } = require("playwright-core");
const [folder] = process.argv.slice(2);

const QUERIES = [
  "accessibility", "open data", "plain language", "user research interviews", "water", "how to run a usability test", "procurement",
  "social media policy", "digital signature", "privacy", "api", "content strategy for agencies", "crowdsourcing", "mobile app",
  "usability testing", "design system", "contact center", "analytics dashboard", "machine learning", "open source software", "emergency communication",
];
// How often all keys are pressed; the first time only warms.
const TIMES = Number(process.env.TIMES ?? 4);
const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json", ".xml": "text/xml" };
const HARNESS = `<!doctype html><meta charset=utf-8><main><input id=q><ol id=hits></ol></main>
<script type=module>
  const pagefind = await import("/pagefind/pagefind.js");
  globalThis.ask = async text => {
    const found = await pagefind.search(text);
    const hits = await Promise.all(found.results.slice(0, 10).map(hit => hit.data()));
    document.querySelector("#hits").innerHTML = hits.map(({ url, meta, excerpt }) => \`<li><a href="\${url}">\${meta.title}</a><p>\${excerpt}</p>\`).join("");
    return found.results.length;
  };
  document.querySelector("#q").addEventListener("input", ({ target }) => ask(target.value));
</script>`;

let log = [], delay = 0;
const pressed = new Map();
const server = createServer(async (request, reply) => {
  const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
  if (path === "/pagefind.html") return reply.writeHead(200, { "content-type": "text/html" }).end(HARNESS);
  if (path === "/empty.html") return reply.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><meta charset=utf-8><input id=q>");
  const file = path.startsWith("/pagefind/") ? join(folder, path) : join(folder, "out", path.endsWith("/") ? `${path}index.html` : path);
  const kind = KINDS[extname(file)];
  try {
    let body = await readFile(resolve(file));
    const headers = { "content-type": kind ?? "application/octet-stream", "cache-control": "max-age=600" };
    if (kind) {
      if (!pressed.has(file)) pressed.set(file, brotliCompressSync(body));
      body = pressed.get(file);
      headers["content-encoding"] = "br";
    }
    const entry = { path, bytes: body.length, asked: performance.now() };
    log.push(entry);
    if (delay && kind !== "text/javascript") await new Promise(done => setTimeout(done, delay));
    entry.answered = performance.now();
    reply.writeHead(200, headers).end(body);
  } catch {
    reply.writeHead(404).end();
  }
});
await new Promise(done => server.listen(0, "localhost", done));
const origin = `http://localhost:${server.address().port}`;
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });

const mean = list => list.reduce((sum, n) => sum + n, 0) / list.length;
const percentile = (list, share) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))];

const ours = {
  name: "exempla",
  counts: path => path.startsWith("/search-pack/") || /\/search\/.*\.js$/.test(path),
  async ready(page) {
    await page.goto(`${origin}/search/`);
    await page.locator("#_query").focus();
    await page.waitForLoadState("networkidle");
  },
  ask: (page, text) => page.evaluate(asked => new Promise(done => {
    new MutationObserver((_, self) => {
      self.disconnect();
      done();
    }).observe(document.querySelector("#_hits"), { childList: true });
    const form = document.querySelector("#_search form");
    form.elements.q.value = asked;
    form.requestSubmit();
  }), text),
  input: "#_query", hits: "#_hits",
};
const theirs = {
  name: "pagefind",
  counts: path => path.startsWith("/pagefind/"),
  async ready(page) {
    await page.goto(`${origin}/pagefind.html`);
    await page.waitForFunction(() => globalThis.ask);
  },
  ask: (page, text) => page.evaluate(asked => globalThis.ask(asked), text),
  input: "#q", hits: "#hits",
};

// What the browser takes by itself to tell a page of a key.
const empty = {
  name: "a page with a field and nothing else",
  ready: page => page.goto(`${origin}/empty.html`),
  input: "#q",
};

// { bytes, requests, rounds } of what counted since the log was emptied.
function spent({ counts }) {
  const own = log.filter(({ path }) => counts(path));
  log = [];
  for (const entry of own) {
    const before = own.filter(({ rounds, answered }) => rounds !== undefined && answered < entry.asked);
    entry.rounds = entry.path.endsWith(".js") ? 0 : 1 + Math.max(0, ...before.map(({ rounds }) => rounds));
  }
  const rounds = Math.max(0, ...own.map(({ rounds }) => rounds));
  return { bytes: own.reduce((sum, { bytes }) => sum + bytes, 0), requests: own.length, rounds, own };
}

async function tab(engine, throttled) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  if (throttled) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate: 4 });
  log = [];
  await engine.ready(page);
  return { context, page };
}

async function weight(engine) {
  delay = 60;
  const first = [], later = [];
  for (const query of QUERIES) {
    const { context, page } = await tab(engine);
    await engine.ask(page, query);
    first.push(spent(engine));
    await context.close();
  }
  const { context, page } = await tab(engine);
  for (const query of QUERIES) {
    await engine.ask(page, query);
    later.push(spent(engine));
  }
  await context.close();
  const scripts = first[0].own.filter(({ path }) => path.endsWith(".js"));
  const row = (what, list) => {
    const told = [["bytes", "KB", 1024], ["requests", "requests", 1], ["rounds", "rounds", 1]].map(([key, unit, scale]) => {
      const own = list.map(spent => spent[key] / scale);
      return `${mean(own).toFixed(1)} ${unit} (at most ${Math.max(...own).toFixed(key === "bytes" ? 1 : 0)})`;
    });
    console.log(`  ${what.padEnd(22)} ${told.join(", ")}`);
  };
  row("first query", first);
  row("later, same tab", later.slice(1));
  console.log(`  of the first           ${(scripts.reduce((sum, { bytes }) => sum + bytes, 0) / 1024).toFixed(1)} KB and ${scripts.length} requests are scripts`);
  if (process.env.LIST) for (const [i, query] of QUERIES.entries()) console.log(`    ${query.padEnd(30)} ${first[i].bytes} ${first[i].requests} ${first[i].rounds}; ${later[i].bytes} ${later[i].requests} ${later[i].rounds}`);
}

// From a key to its hits, everything in memory: from the moment that the system stamps on the
// key, from the one at which the page hears of the key, and from the one at which it hears of the
// new text. What lies between, the browser takes for itself; on a page with a field and nothing
// else it is told as well.
async function speed(engine) {
  delay = 0;
  const { context, page } = await tab(engine, true);
  const times = [];
  for (let time = 0; time < TIMES; time++) {
    for (const query of QUERIES) {
      await page.locator(engine.input).fill(query.slice(0, -1));
      await page.waitForTimeout(450);
      await page.evaluate(hits => {
        globalThis.took = new Promise(done => {
          let stamped, key, text;
          const told = () => done([stamped, key, text].map(from => performance.now() - from));
          addEventListener("keydown", ({ timeStamp }) => { [stamped, key] = [timeStamp, performance.now()]; }, { capture: true, once: true });
          addEventListener("input", () => {
            text = performance.now();
            if (!hits) return told();
            new MutationObserver((_, self) => {
              self.disconnect();
              told();
            }).observe(document.querySelector(hits), { childList: true });
          }, { capture: true, once: true });
        });
      }, engine.hits);
      // Nobody else asks anything of the page while it is timed.
      await page.waitForTimeout(150);
      await page.keyboard.press(query.at(-1));
      await page.waitForTimeout(300);
      const took = await Promise.race([page.evaluate(() => globalThis.took), new Promise(later => setTimeout(later, 3000))]);
      if (time && took !== undefined) times.push(took);
    }
  }
  await context.close();
  const row = (what, list) => console.log(`  ${what.padEnd(22)} median ${percentile(list, .5).toFixed(1)} ms, 95 % ${percentile(list, .95).toFixed(1)} ms, most ${Math.max(...list).toFixed(1)} ms`);
  const to = engine.hits ? "result" : "field";
  row(`stamp to ${to}, warm`, times.map(([stamped]) => stamped));
  row(`key to ${to}, warm`, times.map(([, key]) => key));
  if (engine.hits) row("text to result, warm", times.map(([,, text]) => text));
  console.log(`  of ${times.length} keys, CPU slowed four times, load of the machine ${loadavg()[0].toFixed(1)} on ${availableParallelism()} cores`);
}

const there = await readFile(join(folder, "pagefind/pagefind.js")).catch(() => null);
if (!there) console.log(`${folder}: Pagefind is passed over, its files are not there`);
const engines = there ? [ours, theirs] : [ours];
const told = async (measure, engine) => {
  console.log(`${folder}, ${engine.name}`);
  await measure(engine);
};
for (const engine of engines) await told(weight, engine);
for (const engine of [...engines, empty]) await told(speed, engine);
await browser.close();
server.close();
