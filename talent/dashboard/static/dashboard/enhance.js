// What scripts add to pages that work without them: arrow keys in the list under the search
// box, "/" to get there, and a sentence where a request of htmx came to nothing.
"use strict";

const boxes = "input[type=search][name=q]";

const goToSearch = (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.querySelector(boxes);
  if (!box) return;
  event.preventDefault();
  box.focus();
};

const stepThrough = (event, form, step) => {
  const stops = [form.querySelector(boxes), ...document.querySelectorAll(".search-hits a")];
  const here = stops.indexOf(event.target);
  if (here < 0 || stops.length < 2) return;
  event.preventDefault();
  stops[(here + step + stops.length) % stops.length].focus();
};

addEventListener("keydown", (event) => {
  if (event.key === "/") return goToSearch(event);
  const form = document.querySelector(".search-as-you-type");
  if (!form || !event.target.closest?.(".search-as-you-type, .search-hits")) return;
  if (event.key === "ArrowDown") stepThrough(event, form, 1);
  if (event.key === "ArrowUp") stepThrough(event, form, -1);
  if (event.key === "Escape") {
    form.querySelector(".suggestions")?.replaceChildren();
    form.querySelector(boxes).focus();
  }
});

const failed = (hidden) => {
  document.getElementById("failed").hidden = hidden;
};
addEventListener("htmx:beforeRequest", () => failed(true));
addEventListener("htmx:responseError", () => failed(false));
addEventListener("htmx:sendError", () => failed(false));
