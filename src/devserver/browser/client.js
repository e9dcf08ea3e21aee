// Keeps this page current while `luthier runserver` serves the site. Never part of a release.
(() => {
  "use strict";
  const { token, version, styles } = document.currentScript.dataset;
  // In full: a page may say that its addresses are relative to another site.
  const at = (path) => `${location.origin}/__luthier/${path}`;
  let shownStyles = Number(styles);
  let leaving = false;
  let dismissed = "";
  let root = null;

  addEventListener("beforeunload", () => { leaving = true; });

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    for (const [name, value] of Object.entries(properties)) {
      if (name.includes("-") || name === "role") element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  const CSS = `
    :host { all: initial; color-scheme: light dark; --back: #fff; --front: #1b1b1f; --soft: #5b5b66; --line: #d7d7de; --red: #b3261e; --accent: #2457c5; }
    @media (prefers-color-scheme: dark) { :host { --back: #17171b; --front: #ececf1; --soft: #a5a5b3; --line: #3a3a44; --red: #ff8a80; --accent: #9dbbff; } }
    * { box-sizing: border-box; font: 15px/1.5 system-ui, sans-serif; }
    dialog { position: fixed; inset: 0; width: min(62rem, calc(100vw - 2rem)); max-height: calc(100vh - 2rem); margin: auto; padding: 0; overflow: auto; color: var(--front); background: var(--back); border: 1px solid var(--line); border-top: 4px solid var(--red); border-radius: 8px; box-shadow: 0 8px 40px #0006; }
    dialog::backdrop { background: #0007; }
    header { position: sticky; top: 0; display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; padding: .75rem 1rem; background: var(--back); border-bottom: 1px solid var(--line); }
    h1 { margin: 0; font-size: 17px; font-weight: 600; color: var(--red); }
    h2 { margin: 0; font-weight: 600; }
    article { padding: .75rem 1rem; border-bottom: 1px solid var(--line); }
    p { margin: 0; color: var(--soft); }
    footer { padding: .75rem 1rem; }
    a { color: var(--accent); }
    pre { margin: .5rem 0 0; overflow-x: auto; white-space: pre; tab-size: 4; font: 13px/1.45 ui-monospace, monospace; }
    pre * { font: inherit; }
    button { padding: .3rem .8rem; color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: 6px; cursor: pointer; }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .corner { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483647; display: flex; flex-direction: column; gap: .5rem; align-items: flex-end; }
    .corner > * { padding: .4rem .9rem; color: var(--front); background: var(--back); border: 1px solid var(--line); border-radius: 999px; box-shadow: 0 2px 12px #0003; }
    .corner .banner { max-width: 28rem; padding: .75rem 1rem; border-radius: 8px; }
    .corner .banner button { margin-top: .5rem; }
    .b { font-weight: 700; } .c1, .c9 { color: var(--red); } .c2, .c10 { color: #2e7d32; } .c3, .c11 { color: #a06800; } .c4, .c12 { color: var(--accent); } .c5, .c13 { color: #9c4dcc; } .c6, .c14 { color: #00838f; } .c8 { color: var(--soft); }
    @media (prefers-color-scheme: dark) { .c2, .c10 { color: #81c784; } .c3, .c11 { color: #ffcc66; } .c5, .c13 { color: #d9a6ff; } .c6, .c14 { color: #7adfe8; } }
    @media (prefers-reduced-motion: no-preference) { .building { animation: breathe 1.2s ease-in-out infinite alternate; } }
    @keyframes breathe { to { opacity: .55; } }`;

  // What lies over the page is apart from it: its styles and ours do not meet.
  const stage = () => {
    if (!root) {
      const host = make("luthier-overlay");
      root = host.attachShadow({ mode: "open" });
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      root.adoptedStyleSheets = [sheet];
      root.append(make("div", { className: "corner" }));
      document.documentElement.append(host);
    }
    return root;
  };

  // The colours of a terminal as spans.
  const colored = (text) => {
    const pre = make("pre", { tabIndex: 0 });
    let classes = "";
    const parts = text.replace(/\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g, "").split(/\x1b\[([\d;]*)m/);
    parts.forEach((part, index) => {
      if (index % 2 === 0) {
        if (part) pre.append(make("span", { className: classes }, part));
        return;
      }
      const codes = part.split(";").map(Number);
      for (let at = 0; at < codes.length; at += 1) {
        const code = codes[at];
        if (code === 0) classes = "";
        else if (code === 1) classes += " b";
        else if (code === 38 && codes[at + 1] === 5) { classes += ` c${codes[at + 2]}`; at += 2; }
        else if (code >= 30 && code <= 37) classes += ` c${code - 30}`;
        else if (code >= 90 && code <= 97) classes += ` c${code - 82}`;
      }
    });
    return pre;
  };

  const place = ({ file, line, column, link }) => {
    if (!file) return "";
    const text = `${file}:${line}:${column}`;
    return make("p", {}, link ? make("a", { href: link }, text) : text);
  };

  const SITE = "The previous version is still served. This closes when the problem is fixed.";
  const TEMPLATE = "Pages that use the template fail. This closes when it is fixed.";

  const showProblems = ({ problems: ofSite, templates }) => {
    const problems = [...ofSite, ...templates];
    const key = JSON.stringify(problems);
    const open = root?.querySelector("dialog");
    if (open?.dataset.key === key || (problems.length && dismissed === key)) return;
    open?.remove();
    if (!problems.length) { dismissed = ""; return; }
    const close = make("button", { type: "button" }, "Close (Esc)");
    const count = problems.length === 1 ? "The site has a problem" : `The site has ${problems.length} problems`;
    const title = make("h1", { id: "title" }, count);
    const dialog = make("dialog", { "aria-labelledby": "title" },
      make("header", {}, title, close),
      ...problems.map((problem) => make("article", {}, make("h2", {}, problem.title), place(problem), colored(problem.text))),
      make("footer", {}, make("p", {}, ofSite.length ? SITE : TEMPLATE)));
    dialog.dataset.key = key;
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => { dismissed = key; dialog.remove(); });
    stage().append(dialog);
    dialog.showModal();
  };

  const corner = (name, wanted, build) => {
    const there = root?.querySelector(`.${name}`);
    if (!wanted) { there?.remove(); return; }
    const key = String(wanted);
    if (there?.dataset.key === key) return;
    there?.remove();
    const element = build();
    element.dataset.key = key;
    stage().querySelector(".corner").append(element);
  };

  const pill = (name, text) => () => make("div", { className: name, role: "status" }, text);

  const banner = (pending) => () => {
    const button = make("button", { type: "button" }, pending.length === 1 ? "Apply it" : "Apply them");
    const said = make("p", { role: "status" });
    const what = pending.length === 1 ? "A migration is pending" : `${pending.length} migrations are pending`;
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "Applying…";
      try {
        const answer = await fetch(at("migrate"), { method: "POST", headers: { "x-luthier-token": token } });
        said.textContent = await answer.text();
        button.disabled = answer.ok;
      } catch (error) {
        said.textContent = String(error);
        button.disabled = false;
      }
    });
    return make("section", { className: "banner pending", "aria-label": "Pending migrations" },
      make("h2", {}, what), make("p", {}, pending.join(", ")), said, button);
  };

  const unmade = (names) => () => make("section", { className: "banner unmade", "aria-label": "Models without a migration" },
    make("h2", {}, "Models changed, and no migration says so"),
    make("p", {}, `${names.join(", ")}: run luthier makemigrations, then luthier migrate.`));

  // The new sheet is there before the old one goes: nothing flickers.
  const swapStyles = (number) => {
    shownStyles = number;
    for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
      const address = new URL(link.href, location.href);
      if (address.origin !== location.origin || link.dataset.luthierLeaving) continue;
      address.searchParams.set("luthier", number);
      const next = link.cloneNode();
      next.removeAttribute("integrity");
      next.href = address.href;
      next.addEventListener("load", () => link.remove());
      next.addEventListener("error", () => next.remove());
      link.dataset.luthierLeaving = "yes";
      link.after(next);
    }
  };

  const reload = () => {
    if (leaving) return;
    leaving = true;
    location.reload();
  };

  // The page may be from before the server was restarted. It is not loaded twice for that: if it then hears nothing
  // either, something keeps it from listening.
  const loadAgain = () => {
    try {
      if (sessionStorage.getItem("luthier-loaded") === token) {
        console.warn("luthier: this page may not listen for changes, so it does not reload itself");
        return;
      }
      sessionStorage.setItem("luthier-loaded", token);
    } catch {
      return;
    }
    reload();
  };

  let latest = null;
  const show = () => {
    const page = latest;
    corner("lost", false);
    if (page.styles !== shownStyles) swapStyles(page.styles);
    showProblems(page);
    corner("building", page.building && "building", pill("building", "Building…"));
    corner("unmade", page.unmade.length && page.unmade.join(), unmade(page.unmade));
    corner("pending", page.pending.length && page.pending.join(), banner(page.pending));
  };

  const hear = ({ type, page }) => {
    if (leaving) return;
    if (type === "stale") loadAgain();
    else if (type === "page" && page.version !== Number(version)) reload();
    else if (type === "page") {
      const first = latest === null;
      latest = page;
      // What is shown goes beside what the page consists of, which must be there.
      if (document.readyState !== "loading") show();
      else if (first) addEventListener("DOMContentLoaded", show, { once: true });
    } else if (latest && document.readyState !== "loading") corner("lost", "lost", pill("lost", "The development server is gone"));
  };

  const listenAlone = () => {
    const source = new EventSource(at(`events?token=${token}`));
    source.addEventListener("message", (event) => hear({ type: "page", page: JSON.parse(event.data) }));
    source.addEventListener("error", () => hear({ type: source.readyState === EventSource.CLOSED ? "stale" : "lost" }));
  };

  // One connection for all tabs: a browser opens no more than six to a host.
  const listen = () => {
    try {
      const shared = new SharedWorker(at(`worker.js?token=${token}`));
      shared.addEventListener("error", listenAlone, { once: true });
      shared.port.addEventListener("message", (event) => hear(event.data));
      shared.port.start();
    } catch {
      listenAlone();
    }
  };
  listen();
})();
