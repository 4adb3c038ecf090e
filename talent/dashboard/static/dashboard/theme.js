// Loaded in the head and at once, so that the page is never painted in the wrong colours.
// The choice is kept in this browser only, and only while it differs from the system's.
"use strict";
(() => {
  const KEY = "theme";
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off: the switch works until the next page
    }
  };
  const keep = (theme) => {
    try {
      if (theme) localStorage.setItem(KEY, theme);
      else localStorage.removeItem(KEY);
    } catch {
      // see above
    }
  };
  const preferred = () => (system.matches ? "dark" : "light");
  const show = (theme) => {
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };

  show(chosen());
  addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".theme-switch");
    if (!button) return;
    const label = () => {
      const dark = (root.dataset.theme || preferred()) === "dark";
      button.setAttribute("aria-pressed", String(dark));
    };
    button.hidden = false;
    label();
    button.addEventListener("click", () => {
      const next = (root.dataset.theme || preferred()) === "dark" ? "light" : "dark";
      const theme = next === preferred() ? null : next;
      keep(theme);
      show(theme);
      label();
    });
    system.addEventListener("change", label);
  });
})();
