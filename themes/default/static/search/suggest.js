// Suggests pages while somebody types into the search field of any page: a combobox
// whose options are links. Enter without a choice sends the form as it always did.

import { open } from "./reader.js";
import { counted, isOwn, mark, newest, put, whenTyped } from "./ask.js";

const MOST = 5;

export function suggest(form) {
  const input = form.elements.q;
  const pieces = form.querySelector("template").content.cloneNode(true);
  const list = pieces.querySelector("[role=listbox]"), status = pieces.querySelector("[role=status]");
  const option = list.firstElementChild;
  const reader = open(form.dataset.suggest, { lang: document.documentElement.lang });
  const ask = newest((text, options) => reader.search(text, options));
  let chosen = -1;
  list.replaceChildren();
  list.hidden = true;
  form.append(list, status);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value);
  }

  const choose = at => {
    chosen = at;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const show = shown => {
    list.hidden = !shown;
    input.setAttribute("aria-expanded", String(shown));
    choose(-1);
  };
  const close = () => {
    callOff();
    ask.drop();
    status.textContent = "";
    show(false);
  };
  const item = (url, title, excerpt) => {
    const link = option.cloneNode(true);
    link.href = url;
    link.firstElementChild.textContent = title;
    mark(link.lastElementChild, excerpt);
    return link;
  };

  const callOff = whenTyped(input, async () => {
    const text = input.value.trim();
    if (!text) return close();
    const answer = await ask(text, { limit: MOST, typing: true, facets: false });
    if (!answer || answer.error || document.activeElement !== input) return;
    const all = new URL(form.action);
    all.searchParams.set("q", text);
    const items = answer.hits.filter(({ url }) => isOwn(url)).map(({ url, title, excerpt }) => item(url, title, excerpt));
    if (answer.total > items.length) items.push(item(all.href, put(status.dataset.all, answer.total), []));
    items.forEach((link, i) => { link.id = `${list.id}-${i}`; });
    list.replaceChildren(...items);
    show(items.length > 0);
    status.textContent = counted(status, answer.total);
  });

  // What was chosen answers other words.
  input.addEventListener("input", () => choose(-1));
  input.addEventListener("keydown", event => {
    const { key } = event, { length } = list.children;
    if (event.isComposing) return;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!length) return;
      event.preventDefault();
      if (list.hidden) show(true);
      // One place of the circle is the field itself.
      const step = key === "ArrowDown" ? 1 : -1;
      choose((chosen + 1 + step + length + 1) % (length + 1) - 1);
    } else if (key === "Enter" && chosen >= 0) {
      event.preventDefault();
      list.children[chosen].click();
    } else if (key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", close);
  // A press on a suggestion leaves the focus in the field, so that the list stays to be clicked.
  list.addEventListener("mousedown", event => event.preventDefault());
  // What was typed while this script was on its way.
  if (input.value.trim()) input.dispatchEvent(new Event("input"));
}
