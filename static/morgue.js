// What depends on the reader: colours, the reading day, the clipboard, paper. Every page is whole without it.
"use strict";

(() => {
  const morgue = (window.morgue ??= /** @type {Morgue} */ ({}));
  morgue.root = document.body.dataset.root ?? "";

  // on-this-day/MM-DD.js calls this.
  morgue.onThisDay = (stories) => {
    const section = document.getElementById("on-this-day");
    const list = section?.querySelector("ul");
    if (!section || !list) return;
    const today = new Date().getFullYear();
    const earlier = stories.filter(({ year }) => year < today);
    for (const story of earlier.reverse().slice(0, 8)) {
      const item = document.createElement("li");
      const year = document.createElement("span");
      const cell = document.createElement("div");
      const link = document.createElement("a");
      year.className = "year";
      year.textContent = String(story.year);
      link.href = morgue.root + story.url;
      link.lang = story.language;
      link.dir = "auto";
      link.textContent = story.title;
      cell.append(link);
      item.append(year, cell);
      list.append(item);
    }
    section.hidden = !list.children.length;
  };

  // on-this-day/days.js calls this: the pages of the calendar before and after this one, which it cannot name and never change.
  morgue.calendarDays = (months) => {
    const nav = find(".beside");
    const date = nav?.dataset.date ?? "";
    if (!nav) return;
    const names = new Set(Object.keys(months).map((month) => month.slice(0, date.length)));
    if (date.length > 7) {
      for (const [month, bits] of Object.entries(months)) {
        const days = parseInt(bits || "0", 36);
        for (let day = 1; day < 32; day += 1) if (Math.floor(days / 2 ** (day - 1)) % 2) names.add(`${month}-${pad(day)}`);
      }
    }
    const same = [...names].filter((name) => name.length === date.length).sort();
    const at = same.indexOf(date);
    const form =
      date.length === 4 ? { year: "numeric" } : date.length === 7 ? { year: "numeric", month: "long" } : { dateStyle: "long" };
    const options = /** @type {Intl.DateTimeFormatOptions} */ ({ ...form, timeZone: "UTC" });
    const words = new Intl.DateTimeFormat(morgue.locale, options);
    for (const [rel, name] of at < 0 ? [] : Object.entries({ prev: same[at - 1], next: same[at + 1] })) {
      if (!name) continue;
      const link = document.createElement("a");
      link.rel = rel;
      link.href = `${morgue.root}${name.replaceAll("-", "/")}/index.html`;
      const text = date.length === 4 ? name : words.format(new Date(name));
      link.textContent = rel === "prev" ? `${nav.dataset.back} ${text}` : `${text} ${nav.dataset.forward}`;
      nav.append(link);
    }
    nav.hidden = !nav.children.length;
  };

  // Scripts run in the order in which they are asked for.
  morgue.load = (path) => {
    const script = document.createElement("script");
    script.src = morgue.root + path;
    script.async = false;
    document.head.append(script);
  };

  const page = document.documentElement;
  const pad = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const now = new Date();
  const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;

  /**
   * @param {string} selector
   * @returns {HTMLElement | null}
   */
  const find = (selector) => document.querySelector(selector);

  // Dark or light: the system's, until the reader chooses.
  const toggle = find(".theme-toggle");
  if (toggle) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (page.dataset.theme ? page.dataset.theme === "dark" : system.matches);
    const show = () => toggle.setAttribute("aria-pressed", String(isDark()));
    toggle.hidden = false;
    show();
    system.addEventListener("change", show);
    toggle.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      page.dataset.theme = theme;
      try {
        localStorage.setItem("morgue-theme", theme);
      } catch {
        // it holds for this page alone
      }
      show();
    });
  }

  // How long ago a story appeared, beside its date; and a banner over one that circulates years later.
  const time = /** @type {HTMLTimeElement | null} */ (find("time.published"));
  const age = find(".notice.age");
  if (time && age) {
    const [year, month, day] = (age.dataset.published ?? "").split("-").map(Number);
    const months = (now.getFullYear() - year) * 12 + now.getMonth() + 1 - month - (now.getDate() < day ? 1 : 0);
    const years = Math.floor(months / 12);
    if (months >= 1 && (years || time.dateTime.length > 4) && "RelativeTimeFormat" in Intl) {
      const words = new Intl.RelativeTimeFormat(morgue.locale, { numeric: "always" });
      const ago = document.createElement("span");
      ago.className = "ago";
      ago.textContent = years ? words.format(-years, "year") : words.format(-months, "month");
      time.after(" ", ago);
    }
    if (years >= 2) {
      age.textContent = (age.dataset.words ?? "").replace("{n}", String(years));
      age.hidden = false;
    }
  }

  const fromDisk = find(".from-disk");
  if (fromDisk) fromDisk.hidden = location.protocol !== "file:";
  if (find(".beside")) morgue.load("on-this-day/days.js");
  if (document.getElementById("on-this-day")?.dataset.days?.split(" ").includes(today.slice(5))) {
    morgue.load(`on-this-day/${today.slice(5)}.js`);
  }

  /**
   * @param {string} selector
   * @param {ParentNode} within
   * @returns {NodeListOf<HTMLElement>}
   */
  const findAll = (selector, within = document) => within.querySelectorAll(selector);

  // A citation says when its address was looked at; each form can be copied.
  for (const panel of findAll(".cite")) {
    panel.querySelector("pre")?.append(` (${(panel.dataset.accessed ?? "").replace("{day}", today)})`);
    const status = document.createElement("span");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    panel.append(status);
    for (const button of findAll(".copy", panel)) {
      const label = [...button.childNodes];
      button.hidden = false;
      button.addEventListener("click", async () => {
        const text = button.parentElement?.querySelector("pre");
        if (!text) return;
        try {
          await navigator.clipboard.writeText(text.textContent);
        } catch {
          getSelection()?.selectAllChildren(text);
          document.execCommand("copy");
        }
        button.textContent = status.textContent = button.dataset.done ?? "";
        setTimeout(() => {
          button.replaceChildren(...label);
          status.textContent = "";
        }, 2000);
      });
    }
  }

  // Who comes from a search sees its words marked.
  if (location.hash.startsWith("#find=")) {
    for (const name of ["search", "search/marks"]) morgue.load(`static/${name}.js`);
  }

  // Long lists of names can be narrowed.
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (findAll("[data-narrows]"))) {
    const list = document.getElementById(input.dataset.narrows ?? "");
    if (!list || !input.parentElement) continue;
    input.parentElement.hidden = false;
    const items = /** @type {HTMLElement[]} */ ([...list.children]);
    const names = items.map((item) => item.firstElementChild?.textContent.toLowerCase() ?? "");
    input.addEventListener("input", () => {
      const part = input.value.trim().toLowerCase();
      for (const [at, item] of items.entries()) item.hidden = !names[at].includes(part);
    });
  }

  // On paper, where links lead stands in notes at the end.
  const text = find(".story-text .text");
  if (text) {
    addEventListener("beforeprint", () => {
      const notes = document.createElement("ol");
      notes.className = "notes";
      for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (findAll('a[href^="http"]', text))) {
        const note = document.createElement("li");
        note.textContent = link.href;
        notes.append(note);
        link.dataset.note = String(notes.children.length);
        link.classList.add("noted");
      }
      if (notes.children.length) text.after(notes);
    });
    addEventListener("afterprint", () => {
      for (const notes of findAll(".notes")) notes.remove();
      for (const link of findAll(".noted", text)) link.classList.remove("noted");
    });
  }

  // "/" leads to the search box.
  addEventListener("keydown", (event) => {
    const isWriting = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    const box = document.getElementById("find");
    if (box && event.key === "/" && !isWriting && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
    }
  });
})();
