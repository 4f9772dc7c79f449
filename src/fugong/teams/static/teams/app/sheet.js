// One visit: what is known, what is missing, what is written down on the spot. All of it is on the disk before the page says so.

import * as rows from "./rows.js";
import { Pad } from "./sign.js";
import * as words from "../../fugong/offline/words.js";

const EMPTY = { begun: 0, ended: 0, answers: {}, topics: [], checks: {}, handed: [], problems: [], photos: 0, met: "", note: "" };

export class Sheet {
  constructor(screen, visit, kept) {
    Object.assign(this, { screen, visit, sheet: kept || { visit: visit.id, ...structuredClone(EMPTY) } });
  }

  get now() { return this.screen.clock.now(); }

  get closed() { return this.sheet.ended > 0 || this.visit.state === "made"; }

  open() {
    this.screen.show("visit", (at) => {
      this.at = at;
      at("[data-back]").addEventListener("click", () => this.screen.list());
      at("[data-name]").textContent = this.visit.enterprise;
      const { visit } = this;
      at("[data-when]").textContent = visit.arrives ? words.say("arrives", { time: words.moment(visit.arrives).slice(-5) }) : "";
      this.known();
      at("[data-begin]").hidden = this.sheet.begun > 0 || this.closed;
      at("[data-begin]").addEventListener("click", () => this.begin());
      at("[data-sheet]").hidden = !this.sheet.begun || this.closed;
      at("[data-finished]").hidden = !this.closed;
      at("[data-finished]").textContent = this.sheet.ended ? words.say("finished", { moment: words.moment(this.sheet.ended) }) : words.say("made");
      if (this.sheet.begun && !this.closed) this.fill();
    });
  }

  known() {
    const list = [];
    const pair = (name, value) => list.push(element("dt", name), element("dd", value));
    for (const { name, value, at } of this.visit.known) {
      pair(words.say(name), at === undefined ? (typeof value === "object" ? words.pair(value) : String(value || "✓")) : words.moment(at));
    }
    if (this.visit.lead) pair(words.say("lead"), this.visit.lead);
    for (const one of this.visit.problems) pair(this.kind(one.kind), one.words);
    if (!list.length) pair(words.say(this.visit.walk ? "walk_fetching" : "nothing_known"), "");
    this.at("[data-known]").replaceChildren(...list);
  }

  kind(name) {
    const found = this.screen.day.kinds.find((one) => one.name === name);
    return found ? words.pair(found.say) : name;
  }

  /** Change the sheet and keep it, with a row and a picture where there are any. What can't be kept is said, and undone here. */
  async keep(change, one = null, picture = null) {
    const before = structuredClone(this.sheet);
    change(this.sheet);
    try {
      await rows.keep(this.screen.store, this.sheet, one, picture);
    } catch (error) {
      this.sheet = before;
      this.screen.failed = true;
      this.screen.tell();
      throw error;
    }
    if (one || picture) this.screen.sync.changed();
    this.screen.tell();
  }

  async begin() {
    const { visit, now } = this;
    const { day } = this.screen;
    await this.keep(
      (sheet) => Object.assign(sheet, { begun: now, of: visit, member: day ? day.member : "" }),
      visit.walk ? rows.row("unplanned", visit.id, { enterprise: visit.walk, at: now }) : null,
    );
    this.open();
  }

  /** The server knows of a visit that nobody planned: what it says of the enterprise is shown, what is written stays. */
  renew(day) {
    const found = this.visit.walk && day && day.visits.find((one) => one.id === this.visit.id);
    if (!found) return;
    this.visit = found;
    this.known();
    if (this.sheet.begun && !this.closed) this.items();
  }

  fill() {
    this.items();
    const { topics, checks } = this.screen.day;
    this.at("[data-topics]").replaceChildren(...topics.map((one) => this.tick(one)));
    this.at("[data-checks]").replaceChildren(...checks.map((one) => flag(
      words.pair(one.say), "", this.sheet.checks[one.name], (said) => this.keep((sheet) => { sheet.checks[one.name] = said; }),
    )));
    this.documents();
    this.problems();
    this.photos();
    this.end();
  }

  items() {
    const { open } = this.visit;
    this.at("[data-missing-none]").hidden = open.length > 0 || Boolean(this.visit.walk);
    this.at("[data-items]").replaceChildren(...open.map((item) => this.item(item)));
  }

  item(item) {
    const why = [
      words.pair(item.hint), words.say("why", { why: item.why.map(words.pair).join("、") }),
      item.before !== null && words.say("before", { value: item.before }),
    ].filter(Boolean).join(" · ");
    const given = this.sheet.answers[item.code];
    const answer = (said) => this.keep(
      (sheet) => { sheet.answers[item.code] = Object.values(said)[0]; }, rows.row("answer", this.visit.id, { item: item.code, at: this.now, ...said }),
    );
    if (item.kind === "flag") return flag(words.pair(item.say), why, given, (holds) => answer({ holds }));
    return value(words.pair(item.say) + (words.pair(item.unit) ? `（${words.pair(item.unit)}）` : ""), why, given, item.kind === "number", async (typed) => {
      await answer(item.kind === "number" ? { number: typed } : { text: typed });
    });
  }

  tick(one) {
    const made = document.getElementById("tick").content.cloneNode(true);
    const box = made.querySelector("input");
    made.querySelector("span").textContent = words.pair(one.say);
    box.checked = this.sheet.topics.includes(one.name);
    box.addEventListener("change", () => this.keep((sheet) => {
      sheet.topics = box.checked ? [...sheet.topics, one.name] : sheet.topics.filter((name) => name !== one.name);
    }));
    return made;
  }

  documents() {
    const form = this.at("[data-hand]");
    const { documents } = this.screen.day;
    this.at("#documents").replaceChildren(...documents.map((one) => Object.assign(document.createElement("option"), { value: words.pair(one.say) })));
    const pad = new Pad(form.querySelector("[data-sign]"), form.querySelector("[data-clear]"));
    const shown = () => this.at("[data-handed]").replaceChildren(...this.sheet.handed.map((one) => element("li", `${one.document} · ${one.receipt}`)));
    shown();
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const typed = form.elements.document.value.trim(), receipt = form.elements.receipt.value.trim();
      if (!typed || !receipt) { trouble(form, words.say("handed_missing")); return; }
      trouble(form, "");
      const known = documents.find((one) => words.pair(one.say) === typed);
      const blob = await pad.blob();
      const at = this.now;
      await this.keep(
        (sheet) => { sheet.handed.push({ document: typed, receipt }); },
        rows.row("handed", this.visit.id, { document: known ? known.name : typed, receipt, at }),
        blob && rows.picture("signature", this.visit.id, blob, at),
      );
      form.reset();
      pad.clear();
      shown();
    });
  }

  problems() {
    const form = this.at("[data-problem]");
    form.elements.kind.replaceChildren(element("option", ""), ...this.screen.day.kinds.map((one) => (
      Object.assign(element("option", words.pair(one.say)), { value: one.name }))));
    const shown = () => this.at("[data-problems]").replaceChildren(...this.sheet.problems.map((one) => element("li", `${this.kind(one.kind)} · ${one.words}`)));
    shown();
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const problem = form.elements.kind.value, said = form.elements.words.value.trim(), owner = form.elements.owner.value.trim();
      if (!problem || !said) { trouble(form, words.say("problem_missing")); return; }
      trouble(form, "");
      const row = rows.row("problem", this.visit.id, { problem, words: said, owner, at: this.now });
      await this.keep((sheet) => { sheet.problems.push({ id: row.id, kind: problem, words: said }); }, row);
      form.reset();
      shown();
    });
  }

  photos() {
    const place = this.at("[data-at=photos]");
    const shown = () => { this.at("[data-photo-count]").textContent = words.say("photo_count", { count: this.sheet.photos }); };
    shown();
    this.at("[data-photo]").addEventListener("change", async (event) => {
      const [file] = event.target.files;
      event.target.value = "";
      if (!file) return;
      trouble(place, "");
      let blob;
      try {
        blob = await rows.photo(file, Number(document.body.dataset.most));
      } catch (error) {
        trouble(place, words.say("photo_wrong"));
        return;
      }
      await this.keep((sheet) => { sheet.photos += 1; }, null, rows.picture("photo", this.visit.id, blob, this.now));
      shown();
    });
  }

  end() {
    const form = this.at("[data-finish]");
    for (const name of ["met", "note"]) {
      form.elements[name].value = this.sheet[name];
      form.elements[name].addEventListener("input", () => this.keep((sheet) => { sheet[name] = form.elements[name].value; }));
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const { begun, topics, checks } = this.sheet;
      const said = { met: form.elements.met.value.trim(), note: form.elements.note.value.trim() };
      const ended = this.now;
      await this.keep(
        (sheet) => Object.assign(sheet, said, { ended }), rows.row("visit", this.visit.id, { begun, ended, topics, checks, ...said }),
      );
      await this.screen.list();
    });
  }
}

function element(name, text) { return Object.assign(document.createElement(name), { textContent: text }); }

function trouble(at, text) {
  const place = at.querySelector("[data-trouble]");
  place.textContent = text;
  place.hidden = !text;
}

function flag(title, why, given, say) {
  const made = document.getElementById("flag").content.cloneNode(true);
  made.querySelector(".tv-label").textContent = title;
  made.querySelector("[data-why]").textContent = why;
  const ways = { true: made.querySelector("[data-yes]"), false: made.querySelector("[data-no]") };
  const press = (held) => { for (const [name, button] of Object.entries(ways)) button.setAttribute("aria-pressed", String(name === String(held))); };
  press(given);
  for (const [name, button] of Object.entries(ways)) {
    button.textContent = words.say(name === "true" ? "yes" : "no");
    button.setAttribute("aria-label", `${title}：${button.textContent}`);
    button.addEventListener("click", async () => { await say(name === "true"); press(name === "true"); });
  }
  return made;
}

function value(title, why, given, number, keep) {
  const made = document.getElementById("value").content.cloneNode(true);
  const form = made.querySelector("form");
  const { value: input } = form.elements;
  made.querySelector("label span").textContent = title;
  made.querySelector("[data-why]").textContent = why;
  made.querySelector("button").textContent = words.say("keep");
  if (number) input.inputMode = "decimal";
  if (given !== undefined) input.value = given;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = input.value.trim();
    const said = number ? Number(typed.replace("，", ".").replace("。", ".")) : typed;
    if (!typed || Number.isNaN(said)) { trouble(form, words.say("number_wrong")); return; }
    trouble(form, "");
    await keep(said);
    form.querySelector("button").textContent = words.say("kept", { value: typed });
  });
  return made;
}
