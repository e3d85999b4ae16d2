// Runs before the page is painted and before every other script: the colours that the reader chose, so that nothing flashes,
// and the one global. Each script adds its part to it, in whichever order they load.
(() => {
  const morgue = (window.morgue ??= /** @type {Morgue} */ ({}));
  const search = (morgue.search ??= /** @type {Search} */ ({}));
  search.pending ??= new Map();
  search.deliver ??= (name, payload) => search.pending.set(name, payload);
  // Dates and numbers as the pages themselves have them: English ones with the day first, this calendar and these digits.
  const { lang } = document.documentElement;
  morgue.locale = `${!lang || lang === "en" ? "en-GB" : lang}-u-ca-gregory-nu-latn`;
  try {
    const theme = localStorage.getItem("morgue-theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch {
    // storage is closed (private mode, file://): the system's colours hold
  }
})();
