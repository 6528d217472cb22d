// Keeps a page as its sources say, while `exempla serve` runs. It hears of every
// change; it asks for its own page again, and only if that differs shows it: style
// sheets are swapped in place, anything else loads the page anew where it was
// scrolled to. What is wrong lies over the page, as the terminal has it.

const own = new URL(import.meta.url).searchParams;
let [seen, words, whole] = (own.get("v") ?? "").split("-");
const place = `exempla-place ${location.pathname}${location.search}`;

try {
  const kept = JSON.parse(sessionStorage.getItem(place));
  sessionStorage.removeItem(place);
  // At once, even where a theme lets its pages glide.
  if (kept) scrollTo({ left: kept[0], top: kept[1], behavior: "instant" });
} catch { /* A browser may refuse to keep anything. */ }

function reload() {
  try {
    sessionStorage.setItem(place, JSON.stringify([scrollX, scrollY]));
  } catch { /* Then the browser's own memory has to do. */ }
  location.reload();
}

let looking = false, again = false;

async function look() {
  if (looking) return void (again = true);
  looking = true;
  try {
    const reply = await fetch(location.href, { cache: "no-store", headers: { accept: "text/html" } });
    const [, newWords, newWhole] = /^"(.*)-(.*)"$/.exec(reply.headers.get("etag")) ?? [];
    if (newWhole && newWhole !== whole) {
      if (newWords !== words) return reload();
      swapStyles(new DOMParser().parseFromString(await reply.text(), "text/html"));
      whole = newWhole;
    }
  } catch { /* The server has gone; the next word from it will say so. */
  } finally {
    looking = false;
    if (again) again = false, look();
  }
}

function swapStyles(page) {
  // One that was still on its way when the next change came is not wanted any more.
  document.querySelectorAll("link[data-fresh]").forEach(link => link.remove());
  const sheets = root => [...root.querySelectorAll("link[rel=stylesheet]")];
  const before = sheets(document), after = sheets(page);
  after.forEach((sheet, i) => {
    const old = before[i];
    if (!old) return document.head.append(document.importNode(sheet));
    if (old.getAttribute("href") === sheet.getAttribute("href") && old.media === sheet.media) return;
    const fresh = document.importNode(sheet);
    fresh.dataset.fresh = "";
    fresh.addEventListener("load", () => {
      if (!fresh.isConnected) return;
      delete fresh.dataset.fresh;
      old.remove();
    });
    // What cannot be had leaves the page as it looked.
    fresh.addEventListener("error", () => fresh.remove());
    old.after(fresh);
  });
  before.slice(after.length).forEach(old => old.remove());
}

// --- What lies over the page ---

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { all: initial; }
  section, p { position: fixed; z-index: 2147483647; font: 14px/1.5 system-ui, sans-serif; color: #fff; }
  section { inset: auto 0 0 0; max-height: 70vh; overflow: auto; background: #1c1b1f; border-top: 4px solid #e5484d;
    box-shadow: 0 -4px 24px #0008; padding: 12px 20px; }
  h2 { font-size: 16px; margin: 0 48px 8px 0; }
  pre { font: 13px/1.45 ui-monospace, monospace; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
  button { position: absolute; inset: 8px 12px auto auto; font: inherit; color: inherit; background: none;
    border: 1px solid #fff8; border-radius: 4px; padding: 2px 10px; cursor: pointer; }
  p { inset: auto auto 12px 12px; margin: 0; padding: 4px 12px; border-radius: 4px; background: #7a4d00; }
  [hidden] { display: none; }
  @media print { :host { display: none; } }
`);
const host = document.createElement("exempla-live");
const root = host.attachShadow({ mode: "open" });
root.adoptedStyleSheets = [sheet];
const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
const wrong = make("section", ""), told = make("pre", ""), close = make("button", "Close");
wrong.hidden = true;
wrong.setAttribute("role", "alert");
wrong.append(make("h2", "This has to be mended before the site can be built"), told, close);
close.addEventListener("click", () => { wrong.hidden = true; });
addEventListener("keydown", ({ key }) => { if (key === "Escape") wrong.hidden = true; });
root.append(wrong);
const why = {
  draft: "A draft: not published yet",
  future: "Its day has not come: not published yet",
  private: "Private: not published",
}[own.get("hidden")];
if (why) root.append(make("p", why));
document.documentElement.append(host);

function show(errors) {
  if (errors !== told.textContent) wrong.hidden = !errors;
  told.textContent = errors;
}

// --- Listening; a page that nobody sees holds no connection ---

let events;

function listen() {
  events?.close();
  events = undefined;
  if (document.hidden) return;
  events = new EventSource("/-/events");
  events.addEventListener("message", ({ data }) => {
    const { version, errors } = JSON.parse(data);
    show(errors);
    if (String(version) !== seen) look();
    seen = String(version);
  });
  // Another server may count from the beginning.
  events.addEventListener("error", () => { seen = ""; });
}

addEventListener("visibilitychange", listen);
addEventListener("pageshow", ({ persisted }) => { if (persisted) listen(); });
addEventListener("pagehide", () => events?.close());
listen();
