// The facets of the search page: groups of checkboxes with exact counts. A group's
// values are fetched when it is open or something in it is chosen, not before. Boxes
// stay where they are while counts change, so that none loses the focus.

import { number, put } from "./ask.js";

const MOST = 12;

// `root` holds a details element a facet; `changed` is called when a box is ticked or a
// group opened; `labels` has the words for values that the pack has none for, `failed` those
// for a group that cannot be had.
export class Facets {
  constructor(root, { choice, changed, labels, failed }) {
    Object.assign(this, { choice, labels, failed });
    this.groups = new Map();
    for (const details of root.querySelectorAll("[data-facet]")) {
      const group = { details, name: details.dataset.facet, boxes: new Map(), all: false };
      [group.list, group.empty, group.more] = details.querySelectorAll(".choices, .soft, button");
      group.nothing = group.empty.textContent;
      this.groups.set(group.name, group);
      details.addEventListener("toggle", () => { if (details.open && !group.shown) changed(); });
      details.addEventListener("change", ({ target }) => changed({ facet: group.name, value: target.value, chosen: target.checked }));
      group.more.addEventListener("click", () => {
        group.all = true;
        this.show(group);
        [...group.boxes.values()].find(({ fresh }) => fresh)?.input.focus();
      });
    }
  }

  get names() { return [...this.groups.keys()]; }

  // The facets to count: those one can see, and those that filter. From now on they count as
  // shown; another that is opened while the answer is awaited asks anew.
  wanted(filters) {
    for (const group of this.groups.values()) group.shown = group.details.open || group.name in filters;
    return this.names.filter(name => this.groups.get(name).shown);
  }

  // The words for a facet and one of its values.
  words(name, id) {
    const { details, values } = this.groups.get(name);
    return [details.querySelector("summary").textContent, values?.find(value => value.id === id)?.label ?? id];
  }

  // Shows what an answer counted, and what it `lost`; `describe` gives a facet's values.
  async update(counts, filters, describe, lost = []) {
    for (const name of lost) this.fail(this.groups.get(name));
    await Promise.all(Object.keys(counts).map(async name => {
      const group = this.groups.get(name);
      const known = new Set(group.values?.map(({ id }) => id));
      // What is counted may be newer than what was described.
      if (!Object.keys(counts[name]).every(id => known.has(id)) || !group.values) {
        const described = await describe(name).catch(() => null);
        if (!described) return this.fail(group);
        group.values = this.read(described, name);
      }
      Object.assign(group, { counts: counts[name], chosen: new Set(filters[name]) });
      if (filters[name]) this.unfold(group.details);
      this.show(group);
    }));
  }

  // Says in an open group that its counts cannot be had; to open it anew tries once more.
  fail(group) {
    group.shown = false;
    group.list.hidden = group.more.hidden = true;
    group.empty.textContent = this.failed;
    group.empty.hidden = false;
  }

  // Opens a group, and what it may be folded away in.
  unfold(details) {
    details.open = true;
    const rest = details.parentElement.closest(".rest");
    if (rest) rest.open = true;
  }

  // The values in the order of their tree, each with the one above it.
  read({ values }, name) {
    const own = values.map(([id, label = id, up]) => ({ id, up: values[up]?.[0], label: this.labels[name]?.[id] ?? label }));
    const below = new Map([[undefined, []], ...own.map(({ id }) => [id, []])]);
    for (const value of own) below.get(value.up).push(value);
    const order = id => below.get(id).flatMap(value => [value, ...order(value.id)]);
    return order(undefined);
  }

  show(group) {
    const { values, counts, chosen, boxes, all } = group;
    const has = ({ id }) => counts[id] > 0 || chosen.has(id);
    const offered = values.filter(has);
    // Few are the most frequent; a broader value has at least the count of a narrower one.
    const most = [...offered].sort((a, b) => chosen.has(b.id) - chosen.has(a.id) || (counts[b.id] ?? 0) - (counts[a.id] ?? 0));
    const few = new Set(all ? offered : most.slice(0, MOST));
    // A value is seen below the ones above it. They come before it.
    for (const value of [...values].reverse()) {
      if (few.has(value) && value.up !== undefined) few.add(values.find(({ id }) => id === value.up));
    }
    for (const value of values) {
      let box = boxes.get(value.id);
      if (!box && !few.has(value)) continue;
      const fresh = !box;
      box ??= this.add(group, value);
      box.fresh = fresh;
      box.input.checked = chosen.has(value.id);
      box.count.textContent = number(counts[value.id] ?? 0);
      box.item.hidden = !few.has(value) && !box.item.contains(document.activeElement);
    }
    group.list.hidden = false;
    group.empty.textContent = group.nothing;
    group.empty.hidden = offered.length > 0;
    group.more.hidden = offered.length <= few.size;
    group.more.textContent = put(group.more.dataset.text, offered.length);
  }

  // Adds a value's box in its place: below the one above it, before those that follow.
  add(group, value) {
    const { boxes, list, values } = group;
    const item = this.choice.content.firstElementChild.cloneNode(true);
    const [input, text, count] = item.firstElementChild.children;
    input.value = value.id;
    text.textContent = value.label;
    boxes.set(value.id, { item, input, count });
    let place = list;
    if (value.up !== undefined) {
      const above = (boxes.get(value.up) ?? this.add(group, values.find(({ id }) => id === value.up))).item;
      place = above.querySelector("ul") ?? above.appendChild(document.createElement("ul"));
    }
    const later = values.slice(values.indexOf(value) + 1).find(({ id, up }) => up === value.up && boxes.has(id));
    place.insertBefore(item, later ? boxes.get(later.id).item : null);
    return boxes.get(value.id);
  }
}
