// Before the first paint: the theme that was chosen here last, else what the system prefers.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("perpools-theme"); } catch { return null; }
  };
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    document.querySelector("#nicegui-color-scheme")?.setAttribute("content", theme);
    document.body?.classList.toggle("body--dark", theme === "dark");
    document.body?.classList.toggle("body--light", theme !== "dark");
    globalThis.Quasar?.Dark?.set(theme === "dark");
  };
  const now = () => chosen() ?? (system.matches ? "dark" : "light");
  show(now());
  system.addEventListener("change", () => show(now()));
  addEventListener("storage", () => show(now()));
  addEventListener("load", () => show(now()));
  window.perpoolsTheme = () => {
    const other = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    try { localStorage.setItem("perpools-theme", other); } catch { /* it lasts as long as the page */ }
    show(other);
  };
})();
