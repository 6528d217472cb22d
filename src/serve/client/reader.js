// Stands before the theme's reader of the search pack while `exempla serve` runs:
// queries are answered by the server, which knows what was written a moment ago;
// what facets are called, the pack says as always.

import { open as openPack } from "./reader.js?theme";

export { fold, words } from "./reader.js?theme";

const pause = time => new Promise(done => setTimeout(done, time));

// Fetches; while the first index is being made, waits for it.
async function patiently(address, options) {
  for (;;) {
    const reply = await fetch(address, options);
    if (reply.status !== 503) return reply;
    await pause(150);
  }
}

export function open(base, { lang: usual } = {}) {
  let pack, known;
  const opened = () => pack ??= openPack(base, { lang: usual, fetch: patiently });
  return {
    languages: () => opened().languages(),
    facet: (...asked) => opened().facet(...asked),
    async search(query, { filters = {}, lang = usual, facets, ...options } = {}) {
      const text = String(query);
      try {
        const words = new URLSearchParams({ q: text });
        lang ??= (await opened().languages()).default;
        words.set("lang", lang);
        for (const name of ["typing", "sort", "limit", "offset"]) if (options[name] !== undefined) words.set(name, options[name]);
        for (const [name, values] of Object.entries(filters)) values.forEach(value => words.append(`filter.${name}`, value));
        const reply = await patiently(`/-/search?${words}`);
        if (!reply.ok) throw new Error(await reply.text());
        // A new index may know new values of facets.
        if (known !== (known = reply.headers.get("x-index"))) pack = undefined;
        const found = await reply.json();
        if (Array.isArray(facets)) found.facets = Object.fromEntries(facets.map(name => [name, found.facets[name] ?? {}]));
        if (facets === false) found.facets = {};
        return found;
      } catch (error) {
        return { query: text, total: 0, hits: [], facets: {}, error: String(error?.message ?? error) };
      }
    },
  };
}
