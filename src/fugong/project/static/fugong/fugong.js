// Small behaviours of every page. Words come from data attributes, never from here.
"use strict";

// A button with data-toggles="id" shows and hides the element of that id.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggles]");
  if (!button) return;
  const target = document.getElementById(button.dataset.toggles);
  const open = target.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(open));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const button of document.querySelectorAll("[data-toggles][aria-expanded=true]")) {
    document.getElementById(button.dataset.toggles).classList.remove("is-open");
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }
});

// A form is sent once: its button rests until the answer comes. One of data-many is answered by a file, and the page stays.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "many" in form.dataset) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  clearTimeout(busy);
  busy = setTimeout(() => { const note = document.getElementById("fg-busy"); if (note) note.textContent = note.dataset.words; }, 700);
});
// What was sent and isn't answered yet says so, also to a screen reader: a live region that is empty before.
let busy = 0;
function answered() {
  clearTimeout(busy);
  const note = document.getElementById("fg-busy");
  if (note) note.textContent = "";
}
window.addEventListener("pageshow", answered);
// The form itself may be gone by then: the answer stands in its place.
document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.requestConfig.elt.matches("form")) answered(); });
// Pages with names that were kept for the time without a network go when somebody signs out, and where nobody is signed in.
function forgetPages() {
  if (!window.caches) return;
  caches.keys().then((names) => { for (const name of names) if (name.startsWith("fugong-round-")) caches.delete(name); });
  indexedDB.deleteDatabase("fugong-round-lately");
}
document.addEventListener("submit", (event) => { if (event.target.matches("[data-signs-out]")) forgetPages(); });
if (document.querySelector("[data-signed-out]")) forgetPages();

// In a form that sends, Enter in a search field searches; it doesn't send.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-finds]")) return;
  event.preventDefault();
  event.target.dispatchEvent(new Event("search"));
});

// What takes its time shows how much of it has passed: <progress data-takes max="seconds"> in the form that asks for it.
let taking = 0;
document.addEventListener("submit", (event) => {
  const box = event.target.querySelector("[data-takes]");
  if (!box || event.defaultPrevented) return;
  const bar = box.querySelector("progress");
  const began = Date.now();
  box.hidden = false;
  clearInterval(taking);
  taking = setInterval(() => { bar.value = Math.min(bar.max, (Date.now() - began) / 1000); }, 200);
});
window.addEventListener("pageshow", () => {
  clearInterval(taking);
  for (const box of document.querySelectorAll("[data-takes]")) box.hidden = true;
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});

// Requests that fail say so, in the words of the page.
function trouble(name) {
  const note = document.getElementById("fg-trouble");
  note.textContent = note.dataset[name];
  note.hidden = false;
}
document.addEventListener("htmx:sendError", () => trouble("offline"));
document.addEventListener("htmx:responseError", () => trouble("refused"));
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.successful) document.getElementById("fg-trouble").hidden = true;
  const form = event.target.closest("form[data-sent]");
  if (form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});
