// Comfort for the menus, which work without it: a click elsewhere or Escape
// closes what is open, and only one sub-menu is open at a time where there is room.
const menus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

// Suggestions in a search field: fetched when somebody goes there, not before.
document.addEventListener("focusin", async ({ target }) => {
  const form = target.closest?.("form[data-suggest]:not([data-ready])");
  if (!form) return;
  form.dataset.ready = "";
  const { suggest } = await import("../search/suggest.js");
  suggest(form);
});
