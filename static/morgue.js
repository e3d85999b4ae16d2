// What depends on the reader: colours, the reading day, the clipboard. Every page is whole without it.
"use strict";

const morgue = {
  root: document.body.dataset.root || "",

  // on-this-day/MM-DD.js calls this with [{year, title, language, url}].
  onThisDay(stories) {
    const section = document.getElementById("on-this-day");
    if (!section) return;
    const list = section.querySelector("ul");
    const today = new Date().getFullYear();
    for (const story of stories.filter(({ year }) => year < today).reverse()) {
      const item = document.createElement("li");
      const year = document.createElement("span");
      const link = document.createElement("a");
      year.className = "year";
      year.textContent = story.year;
      link.href = morgue.root + story.url;
      link.lang = story.language;
      link.textContent = story.title;
      item.append(year, link);
      list.append(item);
    }
    section.hidden = !list.children.length;
  },

  load(path) {
    const script = document.createElement("script");
    script.src = morgue.root + path;
    document.head.append(script);
  },
};
window.morgue = morgue;

(() => {
  const two = (number) => String(number).padStart(2, "0");
  const isDark = () => {
    const chosen = document.documentElement.dataset.theme;
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };

  const toggle = document.querySelector(".theme-toggle");
  if (toggle) {
    const show = () => toggle.setAttribute("aria-pressed", String(isDark()));
    toggle.hidden = false;
    show();
    toggle.addEventListener("click", () => {
      const chosen = isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = chosen;
      try {
        localStorage.setItem("morgue-theme", chosen);
      } catch {
        // it holds for this page alone
      }
      show();
    });
  }

  // A story that circulates years later says how old it is.
  const age = document.querySelector(".notice.age");
  if (age) {
    const [year, month, day] = age.dataset.published.split("-").map(Number);
    const now = new Date();
    const before = now.getMonth() + 1 < month || (now.getMonth() + 1 === month && now.getDate() < day);
    const years = now.getFullYear() - year - (before ? 1 : 0);
    if (years >= 1) {
      age.textContent = years === 1 ? age.dataset.one : age.dataset.many.replace("{n}", String(years));
      age.hidden = false;
    }
  }

  const onThisDay = document.getElementById("on-this-day");
  if (onThisDay) {
    const now = new Date();
    morgue.load(`on-this-day/${two(now.getMonth() + 1)}-${two(now.getDate())}.js`);
  }

  for (const panel of document.querySelectorAll(".cite")) {
    const text = panel.querySelector("pre");
    const now = new Date();
    const today = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    text.textContent += ` (${panel.dataset.accessed.replace("{day}", today)})`;
    for (const button of panel.querySelectorAll(".copy")) {
      const said = button.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        const words = button.parentElement.querySelector("pre");
        try {
          await navigator.clipboard.writeText(words.textContent);
        } catch {
          getSelection().selectAllChildren(words);
          document.execCommand("copy");
        }
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = said; }, 2000);
      });
    }
  }

  for (const input of document.querySelectorAll("[data-narrows]")) {
    input.parentElement.hidden = false;
    const items = [...document.getElementById(input.dataset.narrows).children];
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
    });
  }

  addEventListener("keydown", (event) => {
    const writing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      document.getElementById("find")?.focus();
    }
  });
})();
