// Runs before the page is painted: the colours that the reader chose, so that nothing flashes.
(() => {
  try {
    const chosen = localStorage.getItem("morgue-theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch {
    // storage is closed (private mode, file://): the system's colours hold
  }
})();
