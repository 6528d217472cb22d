// The same lists as the other generators make: by section and by tag, 20 a page.
const PER_PAGE = 20;
const paged = (groups) =>
  Object.entries(groups).flatMap(([name, items]) => {
    const pages = Math.ceil(items.length / PER_PAGE);
    return Array.from({ length: pages }, (_, n) => ({
      name, number: n + 1, pages, items: items.slice(n * PER_PAGE, (n + 1) * PER_PAGE),
    }));
  });
const grouped = (items, keys) => {
  const groups = {};
  for (const item of items) for (const key of keys(item)) (groups[key] ??= []).push(item);
  return groups;
};
const entries = (api) => api.getFilteredByGlob("content/**/*.md").reverse();

export default function (config) {
  config.addCollection("newest", (api) => entries(api).slice(0, 20));
  config.addCollection("sections", (api) => paged(grouped(entries(api), (item) => [item.data.section])));
  config.addCollection("byTag", (api) => paged(grouped(entries(api), (item) => item.data.tags)));
  config.addFilter("slug", (text) => text.replaceAll(" ", "-"));
  return { dir: { input: "content", includes: "../_includes" }, markdownTemplateEngine: false };
}
