// The nurse's round: one room at a time, large keys. What is entered is kept in the tablet's IndexedDB with an id of its own before
// the next room shows, and is sent when the server can be reached; sent twice, it is stored once. No names are kept: only whose
// stay, when, and what was measured. The page itself is kept by the service worker (round-worker.js), so that it opens offline.

import { openDB } from "../vendor/idb-8.0.4/index.js";
import { uuid7 } from "../fugong/offline/ids.js";
import { keepPage } from "./round-kept.js";

const MOST = 100; // entries a request
const AGAIN = 15000; // milliseconds until what waits is tried again
const PATIENCE = 30000;
const form = document.getElementById("round");
const status = document.getElementById("waiting");
const list = document.getElementById("refused");

const database = openDB("fugong-round", 1, {
  upgrade(db) {
    db.createObjectStore("waiting", { keyPath: "id" }); // entries that the server hasn't confirmed
    db.createObjectStore("refused", { keyPath: "id" }); // entries that it will never take, each with the reason
  },
});

// What was entered since the page was read: a page that was kept doesn't say it. Signing out deletes this, and not what waits.
const lately = openDB("fugong-round-lately", 1, { upgrade(db) { db.createObjectStore("entered", { keyPath: "stay" }); } });

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const beds = form ? [...form.querySelectorAll(".ob-bed")] : [];
const entered = new Set();
let current = 0;
let sure = "";

// ---- what waits, and sending it

async function count(problem) {
  const db = await database;
  const n = await db.count("waiting");
  const word = n === 0 ? "none" : problem || (navigator.onLine ? "some" : "offline");
  status.textContent = filled(status.dataset[word], { n });
  status.className = `ob-waiting is-${n === 0 ? "none" : "some"}`;
  await showRefused(db);
}

async function showRefused(db) {
  const rows = (await db.getAll("refused")).filter((one) => one.entries === form?.dataset.entries);
  list.replaceChildren(...rows.map((one) => {
    const line = document.createElement("li");
    line.append(`${one.room}: ${one.message} `);
    const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-light", textContent: list.dataset.letGo });
    button.addEventListener("click", async () => { await db.delete("refused", one.id); await showRefused(db); });
    line.append(button);
    return line;
  }));
  list.hidden = rows.length === 0;
}

let sending = null;
function send() {
  sending ??= sendAll().catch(() => count("offline")).finally(() => { sending = null; });
  return sending;
}

async function sendAll() {
  const db = await database;
  for (;;) {
    const rows = (await db.getAll("waiting", null, MOST)).filter((one) => one.entries === form.dataset.entries);
    if (rows.length === 0) return count();
    const answer = await fetch(form.dataset.entries, {
      method: "POST", body: JSON.stringify(rows.map(({ entry }) => entry)), redirect: "manual", cache: "no-store",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (!answer.ok) return count(answer.status >= 500 ? "some" : "again");
    const said = new Map((await answer.json()).entries.map((one) => [one.id, one]));
    const change = db.transaction(["waiting", "refused"], "readwrite", { durability: "strict" });
    for (const row of rows) {
      const one = said.get(row.id);
      if (!one) continue;
      if (one.status === "refused") change.objectStore("refused").put({ id: row.id, entries: row.entries, room: row.room, message: one.message });
      change.objectStore("waiting").delete(row.id);
    }
    await change.done;
    if (!rows.some((row) => said.has(row.id))) return count("some");
  }
}

async function keep(bed, entry) {
  const db = await database;
  const change = db.transaction("waiting", "readwrite", { durability: "strict" });
  change.store.put({ id: entry.id, entries: form.dataset.entries, room: bed.dataset.room, entry });
  await change.done;
  await (await lately).put("entered", { stay: bed.id, at: entry.at, celsius: entry.celsius });
}

// ---- one room at a time

function celsius(text) {
  const typed = text.trim().replace(/[,，。]/g, ".");
  if (!typed) return null;
  const value = Number(typed);
  return value >= 250 && value <= 450 && !typed.includes(".") ? value / 10 : value;
}

const measured = (bed) => {
  const typed = bed.querySelector(".ob-other input").value;
  return typed.trim() ? celsius(typed) : celsius(bed.querySelector(".ob-keys input[type=radio]:checked")?.value || "");
};
const ticked = (bed) => [...bed.querySelectorAll(".ob-symptoms input[name]:checked")].map((box) => box.value);
const asked = (bed) => ticked(bed).sort().join();

function say(bed, text) {
  const line = bed.querySelector(".ob-say");
  line.textContent = text;
  line.hidden = !text;
}

function show(number) {
  sure = "";
  current = Math.max(0, Math.min(number, beds.length));
  beds.forEach((bed, i) => { bed.hidden = i !== current; });
  const over = current === beds.length;
  form.hidden = over;
  const end = document.getElementById("end");
  end.hidden = !over;
  if (over) {
    const left = beds.filter((bed) => !entered.has(bed.id)).map((bed) => bed.dataset.room);
    const line = document.getElementById("left");
    line.textContent = left.length ? filled(line.dataset.some, { rooms: left.join("、") }) : line.dataset.none;
    end.focus();
  }
  window.scrollTo(0, 0);
}

async function remember() {
  const db = await lately;
  const read = Number(form.dataset.now);
  for (const row of await db.getAll("entered")) {
    const bed = beds.find((one) => one.id === row.stay);
    if (bed && row.at >= read) noted(bed, row.celsius);
    else if (row.at < read) await db.delete("entered", row.stay);
  }
}

// The room that the address names, else the first that isn't entered. None shows before: a tap would be for one that goes away.
function begin() {
  const named = beds.findIndex((bed) => bed.id === location.hash.slice(1));
  const next = beds.findIndex((bed) => !entered.has(bed.id));
  show(named >= 0 ? named : next < 0 ? beds.length : next);
}

function noted(bed, value) {
  entered.add(bed.id);
  const done = bed.querySelector(".ob-done");
  done.textContent = filled(form.dataset.kept, { t: value === null ? "✓" : `${value.toFixed(1)} ℃` });
  done.hidden = false;
}

async function store(event) {
  event.preventDefault();
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
  const bed = beds[current];
  const value = measured(bed);
  const absent = bed.querySelector("[data-absent]").checked;
  const changed = asked(bed) !== bed.dataset.before;
  if (Number.isNaN(value) || (value === null && !absent && !changed)) return say(bed, form.dataset.nothing);
  const fever = Number(form.dataset.fever || 37.3);
  if (value !== null && (value >= fever || value < 35) && sure !== `${bed.id} ${value}`) {
    sure = `${bed.id} ${value}`;
    return say(bed, filled(form.dataset.sure, { t: value.toFixed(1) }));
  }
  const entry = { id: uuid7(), stay: bed.id, at: Math.floor(Date.now() / 1000), celsius: value, symptoms: absent ? null : ticked(bed), absent };
  try {
    await keep(bed, entry);
  } catch {
    return say(bed, form.dataset.full);
  }
  say(bed, "");
  noted(bed, value);
  bed.dataset.before = asked(bed);
  show(current + 1);
  await count();
  send();
}

if (form) {
  for (const bed of beds) {
    bed.dataset.before = asked(bed);
    const other = bed.querySelector(".ob-other input");
    other.addEventListener("input", () => { for (const key of bed.querySelectorAll("input[type=radio]")) key.checked = false; });
    for (const key of bed.querySelectorAll("input[type=radio]")) key.addEventListener("change", () => { other.value = ""; say(bed, ""); });
  }
  form.addEventListener("submit", store);
  document.getElementById("before").addEventListener("click", () => show(current - 1));
  document.getElementById("skip").addEventListener("click", () => show(current + 1));
  document.getElementById("again").addEventListener("click", () => show(0));
  window.addEventListener("online", send);
  window.addEventListener("offline", () => count("offline"));
  setInterval(send, AGAIN);
  window.addEventListener("beforeunload", (event) => { if (status.classList.contains("is-some") && !navigator.onLine) event.preventDefault(); });
  document.getElementById("offline").hidden = !navigator.serviceWorker;
  remember().catch(() => {}).then(begin).then(() => count()).then(send);
  keepPage(form.dataset.worker).then((done) => { document.getElementById("offline").dataset.kept = done ? "yes" : "no"; });
}
