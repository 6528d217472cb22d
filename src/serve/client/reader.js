// Stands before the theme's reader of the search pack while `exempla serve` runs:
// the server answers, which knows what was written a moment ago and need not make a
// pack for it.

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
  let pack;
  const languages = () => (pack ??= openPack(base, { lang: usual, fetch: patiently })).languages();
  const asked = async (what, words) => {
    const reply = await patiently(`/-/${what}?${new URLSearchParams(words)}`);
    if (!reply.ok) throw new Error(await reply.text());
    return reply.json();
  };
  return {
    languages,
    facet: async (name, lang = usual) => asked("facet", { name, lang: lang ?? (await languages()).default }),
    async search(query, { filters = {}, lang = usual, facets, ...options } = {}) {
      const text = String(query);
      try {
        const words = [["q", text], ["lang", lang ?? (await languages()).default]];
        for (const name of ["typing", "sort", "limit", "offset"]) if (options[name] !== undefined) words.push([name, options[name]]);
        for (const [name, values] of Object.entries(filters)) values.forEach(value => words.push([`filter.${name}`, value]));
        const found = await asked("search", words);
        if (Array.isArray(facets)) found.facets = Object.fromEntries(facets.map(name => [name, found.facets[name] ?? {}]));
        if (facets === false) found.facets = {};
        return found;
      } catch (error) {
        return { query: text, total: 0, hits: [], facets: {}, error: String(error?.message ?? error) };
      }
    },
  };
}
