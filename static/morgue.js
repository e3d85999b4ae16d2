// What depends on the reader: colours, the reading day, the clipboard, paper. Every page is whole without it.
"use strict";

const morgue = {
  root: document.body.dataset.root || "",

  // on-this-day/MM-DD.js calls this with [{year, title, language, url}].
  onThisDay(stories) {
    const section = document.getElementById("on-this-day");
    if (!section) return;
    const list = section.querySelector("ul");
    const today = new Date().getFullYear();
    for (const story of stories
      .filter(({ year }) => year < today)
      .reverse()
      .slice(0, 8)) {
      const item = document.createElement("li");
      const year = document.createElement("span");
      const cell = document.createElement("div");
      const link = document.createElement("a");
      year.className = "year";
      year.textContent = story.year;
      link.href = morgue.root + story.url;
      link.lang = story.language;
      link.textContent = story.title;
      cell.append(link);
      item.append(year, cell);
      list.append(item);
    }
    section.hidden = !list.children.length;
  },

  // Scripts run in the order in which they are asked for.
  load(path) {
    const script = document.createElement("script");
    script.src = morgue.root + path;
    script.async = false;
    document.head.append(script);
  },
};
window.morgue = morgue;

(() => {
  const page = document.documentElement;
  const two = (number) => String(number).padStart(2, "0");
  const now = new Date();
  const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;

  // Dark or light: the system's, until the reader chooses.
  const toggle = document.querySelector(".theme-toggle");
  if (toggle) {
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (page.dataset.theme ? page.dataset.theme === "dark" : system.matches);
    const show = () => toggle.setAttribute("aria-pressed", String(isDark()));
    toggle.hidden = false;
    show();
    system.addEventListener("change", show);
    toggle.addEventListener("click", () => {
      const chosen = isDark() ? "light" : "dark";
      page.dataset.theme = chosen;
      try {
        localStorage.setItem("morgue-theme", chosen);
      } catch {
        // it holds for this page alone
      }
      show();
    });
  }

  // How long ago a story appeared, beside its date; and a banner over one that circulates years later.
  const published = document.querySelector("time.published");
  const age = document.querySelector(".notice.age");
  if (published && age) {
    const [year, month, day] = age.dataset.published.split("-").map(Number);
    const months = (now.getFullYear() - year) * 12 + now.getMonth() + 1 - month - (now.getDate() < day ? 1 : 0);
    const years = Math.floor(months / 12);
    if (months >= 1 && "RelativeTimeFormat" in Intl) {
      const words = new Intl.RelativeTimeFormat(page.lang, { numeric: "always" });
      const ago = document.createElement("span");
      ago.className = "ago";
      ago.textContent = years ? words.format(-years, "year") : words.format(-months, "month");
      published.after(" ", ago);
    }
    if (years >= 2) {
      age.textContent = age.dataset.words.replace("{n}", String(years));
      age.hidden = false;
    }
  }

  if (document.getElementById("on-this-day")?.dataset.days.split(" ").includes(today.slice(5))) {
    morgue.load(`on-this-day/${today.slice(5)}.js`);
  }

  // A citation says when its address was looked at; each form can be copied.
  for (const panel of document.querySelectorAll(".cite")) {
    panel.querySelector("pre").textContent += ` (${panel.dataset.accessed.replace("{day}", today)})`;
    const said = document.createElement("span");
    said.className = "unseen";
    said.setAttribute("role", "status");
    panel.append(said);
    for (const button of panel.querySelectorAll(".copy")) {
      const words = [...button.childNodes];
      button.hidden = false;
      button.addEventListener("click", async () => {
        const text = button.parentElement.querySelector("pre");
        try {
          await navigator.clipboard.writeText(text.textContent);
        } catch {
          getSelection().selectAllChildren(text);
          document.execCommand("copy");
        }
        button.textContent = said.textContent = button.dataset.done;
        setTimeout(() => {
          button.replaceChildren(...words);
          said.textContent = "";
        }, 2000);
      });
    }
  }

  // Who comes from a search sees its words marked.
  if (location.hash.startsWith("#find=")) {
    for (const name of ["search", "search/marks"]) morgue.load(`static/${name}.js`);
  }

  // Long lists of names can be narrowed.
  for (const input of document.querySelectorAll("[data-narrows]")) {
    input.parentElement.hidden = false;
    const items = [...document.getElementById(input.dataset.narrows).children];
    const names = items.map((item) => item.firstElementChild.textContent.toLowerCase());
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      items.forEach((item, at) => {
        item.hidden = !names[at].includes(wanted);
      });
    });
  }

  // On paper, where links lead stands in notes at the end.
  const text = document.querySelector(".story-text .text");
  if (text) {
    addEventListener("beforeprint", () => {
      const notes = document.createElement("ol");
      notes.className = "notes";
      for (const link of text.querySelectorAll('a[href^="http"]')) {
        const note = document.createElement("li");
        note.textContent = link.href;
        notes.append(note);
        link.dataset.note = notes.children.length;
        link.classList.add("noted");
      }
      if (notes.children.length) text.after(notes);
    });
    addEventListener("afterprint", () => {
      document.querySelectorAll(".notes").forEach((notes) => notes.remove());
      text.querySelectorAll(".noted").forEach((link) => link.classList.remove("noted"));
    });
  }

  // "/" leads to the search box.
  addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    const box = document.getElementById("find");
    if (box && event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
    }
  });
})();
