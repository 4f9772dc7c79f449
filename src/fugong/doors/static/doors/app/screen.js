// The page: one stage at a time, made from the templates in the document; the header says how the door stands.

import { Override, Tell } from "./after.js";
import { Header } from "./header.js";
import * as lists from "./lists.js";
import { Person } from "./person.js";
import { Camera, typing } from "./scan.js";
import { Shift } from "./shift.js";
import { Desk, trips } from "./trip.js";
import { Verdict } from "./verdict.js";
import { Visitor, visitors } from "./visiting.js";
import * as words from "./words.js";

const AGAIN = 2500; // milliseconds that a green answer stays when nobody does anything
const SHOWN = 700; // … and at least, before the camera may go on to the next person
const SCANS = ["find", "trip"]; // stages that show what the camera sees, and wait for the next pass
const MEASURES = ["person", "arriving"]; // … and that hear a temperature
const ACTS = [
  "find", "way", "undo", "language", "more", "guard", "visitors", "visitor", "inside", "refusals", "update", "override", "tell", "pair", "trips",
];

export class Screen {
  constructor(store) {
    this.store = store;
    this.stage = document.getElementById("stage");
    this.say();
    this.fine = window.matchMedia("(hover: hover) and (pointer: fine)").matches; // else a focus would open the keys of the screen
    this.stage.addEventListener("input", () => { // what was wrong is being put right
      for (const one of this.stage.querySelectorAll("[data-trouble], [data-mistyped]")) one.hidden = true;
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button && ACTS.includes(button.dataset.do)) this[button.dataset.do](button);
    });
  }

  /** The words that stand outside the stages. */
  say() {
    words.fill(document);
    document.title = words.say("door");
  }

  at(selector) { return this.stage.querySelector(selector); }

  /** Show a stage, its words filled in; `wire` makes it work, also when it is shown again in the other language. */
  show(name, wire = () => {}) {
    clearTimeout(this.later);
    this.name = name;
    this.redo = () => this.show(name, wire);
    const made = document.getElementById(`stage-${name}`).content.cloneNode(true);
    words.fill(made);
    this.stage.dataset.stage = name;
    this.stage.replaceChildren(made);
    if (this.camera) this.camera.seen(SCANS.includes(name));
    wire();
    this.focus();
  }

  focus() {
    const field = this.fine && this.stage.querySelector("[autofocus]");
    const heading = this.stage.querySelector("h1");
    if (heading) heading.tabIndex = -1;
    const first = field && field.offsetParent ? field : this.stage.querySelector("[data-first]") || heading;
    if (first) first.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  open(door, sync) {
    Object.assign(this, { door, sync });
    this.header = new Header(this);
    this.camera = new Camera(document.getElementById("camera"), (text) => this.seen(text));
    typing((text) => this.heard(text));
    awake();
    sync.addEventListener("turned", () => this.turned());
    if (door.trip) this.desk = new Desk(this, door.trip.id, door.trip.way);
    this.find();
    this.camera.open();
  }

  turned() {
    this.header.tell();
    if (this.name === "empty" && this.door.list) this.find();
    else if (this.name === "trip") this.desk.fill();
    else if (this.name === "find") this.at("[data-do=trips]").hidden = !this.door.journeys.all().length;
  }

  /** The device can't keep something: it is said, and nothing is as if it had been kept. */
  failed() {
    this.header.failed = true;
    this.header.tell();
  }

  // scanning and typing

  find() {
    this.header.tell();
    if (!this.door.list) { this.show("empty"); return; }
    if (this.desk) { this.desk.open(); return; }
    this.show("find", () => {
      this.ways();
      const field = this.at("input");
      field.addEventListener("input", () => this.hits(this.door.list.people.search(field.value)));
      this.at("form").addEventListener("submit", (event) => { event.preventDefault(); this.heard(field.value); });
      this.at("[data-nobody]").hidden = Boolean(this.door.guards.current) || !this.door.guards.of(this.door.list).length;
      this.at("[data-do=trips]").hidden = !this.door.journeys.all().length;
      this.last();
    });
  }

  ways() {
    for (const one of this.stage.querySelectorAll("[data-way]")) {
      one.setAttribute("aria-pressed", String(one.dataset.way === this.door.direction));
    }
  }

  way(button) {
    this.door.direction = button.dataset.way;
    this.store.put("direction", button.dataset.way).catch(() => this.failed());
    this.ways();
  }

  hits(people, none = false) {
    const list = this.at("[data-hits]");
    list.replaceChildren(...people.map((person) => {
      const item = document.getElementById("hit").content.cloneNode(true);
      item.querySelector("strong").textContent = person.name;
      item.querySelector("small").textContent = words.who(person);
      item.querySelector("button").addEventListener("click", () => this.person(person));
      return item;
    }));
    this.at("[data-none]").hidden = !none;
  }

  /** The camera read something: the next pass while one waits for it, or while a green answer still stands. */
  seen(text) {
    const free = SCANS.includes(this.name)
      || (this.name === "verdict" && this.made.answer.colour === "green" && performance.now() - this.since > SHOWN);
    if (free && !this.settling) {
      this.taken = text;
      this.heard(text);
    }
    else if (text !== this.taken) this.camera.forget(); // it is heard when its turn comes
  }

  /** Something was scanned or typed, on whatever stage. While a check is being settled nothing is heard. */
  async heard(text, field = false) {
    if (!this.door || !this.door.list || !text.trim() || this.settling) return true;
    const measuring = MEASURES.includes(this.name);
    if (measuring && this.asking.typed(text, field)) return true;
    if (field && measuring && text.trim().length < 8) return false;
    if (this.desk) { await this.desk.heard(text); return true; }
    mark("door:id");
    const said = await this.door.meant(text);
    if (said.found) {
      if (said.found.length === 1) { this.person(said.found[0]); return true; }
      if (this.name !== "find") this.find();
      this.hits(said.found, !said.found.length);
    } else if (said.reason) await this.wrong(said);
    else this.person(said.person, said.pass, true);
    return true;
  }

  /** A pass that lets nobody in: red at once; filed where it says whose it is. */
  async wrong(said) {
    const given = { direction: this.door.direction, celsius: null, pass: said.pass, reason: said.reason };
    if (said.person) this.verdict(await this.settle(() => this.door.check(said.person, given)), said.person);
    else this.verdict({ row: null, answer: { colour: "red", reasons: [said.reason], asks: [] }, stored: false }, null);
  }

  person(person, pass = null, marked = false) {
    if (!marked) mark("door:id");
    this.asking = new Person(this, person, pass);
    this.asking.open();
    mark("door:asked");
  }

  /** Do what writes a row; meanwhile no scan comes between. */
  async settle(doing) {
    this.settling = true;
    try {
      return await doing();
    } finally {
      this.settling = false;
    }
  }

  /** Show what a check came to. */
  verdict(made, person) {
    Object.assign(this, { made, shown: person, since: performance.now() });
    new Verdict(this, made, person).open();
    mark("door:colour");
    this.header.tell();
    this.sync.changed();
    if (made.answer.colour === "green") this.later = setTimeout(() => this.find(), AGAIN);
  }

  /** The same answer again, after something was added to it. */
  same() { new Verdict(this, this.made, this.shown).open(true); }

  /** The last check can be taken back for some seconds, also when the next person stands there. */
  last() {
    const strip = this.at("[data-last]");
    const rest = this.made ? this.door.undoable(this.made) : 0;
    strip.textContent = words.say("undo_last", { rest });
    strip.hidden = !rest;
    if (!rest) return;
    setTimeout(() => { if (strip.isConnected) this.last(); }, 500);
  }

  async undo() {
    if (!this.made || this.undoing || !this.door.mayUndo(this.made)) return;
    this.undoing = true;
    if (this.name === "verdict") this.find(); // the next one may come while it is written
    try {
      await this.door.undo(this.made);
    } catch (error) {
      this.failed();
    }
    this.undoing = false;
    this.camera.forget();
    this.sync.changed();
    this.header.tell();
    if (this.name === "find") this.last();
  }

  // trips

  trips() { trips(this); }

  /** Work on a trip until somebody leaves it, also when the phone was switched off in between. */
  take(id) {
    this.desk = new Desk(this, id);
    this.store.put("trip", { id, way: this.desk.way }).catch(() => this.failed());
    this.find();
  }

  leave() {
    this.desk = null;
    this.store.remove("trip").catch(() => this.failed());
    this.find();
  }

  // what else a guard does

  override() { new Override(this, this.made, this.shown).open(); }

  tell() { new Tell(this, this.made, this.shown).open(); }

  guard() { new Shift(this).open(); }

  visitor() { new Visitor(this).open(); }

  /** The same visitor once more, with what was typed. */
  visitorAgain() { new Visitor(this, this.made).open(); }

  visitors() { visitors(this); }

  more() { lists.more(this); }

  inside() { lists.inside(this); }

  refusals() { lists.refusals(this); }

  update() { if (this.renewal) this.renewal.take(); }

  async language() {
    const other = words.other();
    await words.load(other);
    this.store.put("language", other).catch(() => this.failed());
    this.say();
    if (this.header) this.header.tell();
    this.redo();
  }
}

/** The screen stays on while the door is kept. */
function awake() {
  const keep = () => { if (!document.hidden && navigator.wakeLock) navigator.wakeLock.request("screen").catch(() => {}); };
  document.addEventListener("visibilitychange", keep);
  keep();
}

/** For those who measure how long it takes from whose it is to the colour (`make bench-doors`); the last of each is kept. */
export function mark(name) {
  performance.clearMarks(name);
  performance.mark(name);
}
