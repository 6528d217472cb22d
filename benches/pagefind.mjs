// Pagefind over documents that come as JSON, for benches/relevance.rs: on standard input
// { documents: [{ id, title, text }], queries: […] }, on standard output the ids of the
// first hundred hits of each query. Its packages are looked for in the working folder.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { documents, queries } = JSON.parse(Buffer.concat(chunks));
const pagefind = await import(pathToFileURL(join(process.cwd(), "node_modules/pagefind/lib/index.js")));

const folder = await mkdtemp(join(tmpdir(), "pagefind-"));
const { index } = await pagefind.createIndex({});
for (const { id, title, text } of documents) {
  if (!text.trim()) continue;
  const escaped = [title, text].map(part => part.replaceAll("&", "&amp;").replaceAll("<", "&lt;"));
  const content = `<html lang="en"><body><h1>${escaped[0]}</h1><p>${escaped[1]}</p></body></html>`;
  await index.addHTMLFile({ url: `/${id}/`, content });
}
await index.writeFiles({ outputPath: folder });
await pagefind.close();

// What its reader needs of a browser.
globalThis.fetch = async url => new Response(await readFile(new URL(url)));
globalThis.window = globalThis;
globalThis.location = new URL("http://localhost/");
globalThis.document = { querySelector: () => ({ getAttribute: () => "en" }) };
const reader = await import(pathToFileURL(join(folder, "pagefind.js")));
await reader.options({ basePath: `${pathToFileURL(folder)}/`, baseUrl: "/" });
const answers = [];
for (const query of queries) {
  const { results } = await reader.search(query);
  const hits = await Promise.all(results.slice(0, 100).map(hit => hit.data()));
  answers.push(hits.map(({ url }) => url.replaceAll("/", "")));
}
await rm(folder, { recursive: true });
process.stdout.write(JSON.stringify(answers), () => process.exit());
