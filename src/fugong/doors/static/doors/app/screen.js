// The page: one stage at a time, made from the templates in the document; the header says how the door stands.

import { Camera, typing } from "./scan.js";
import { Person } from "./person.js";
import { Verdict } from "./verdict.js";
import * as words from "./words.js";

const AGAIN = 2500; // milliseconds that a green answer stays when nobody does anything

export class Screen {
  constructor(store) {
    this.store = store;
    this.stage = document.getElementById("stage");
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button && this[button.dataset.do]) this[button.dataset.do](button);
    });
  }

  at(selector) { return this.stage.querySelector(selector); }

  /** Show a stage, its words filled in; `wire` makes it work, also when it is shown again in the other language. */
  show(name, wire = () => {}) {
    this.name = name;
    this.redo = () => this.show(name, wire);
    const made = document.getElementById(`stage-${name}`).content.cloneNode(true);
    words.fill(made);
    this.stage.replaceChildren(made);
    words.fill(document);
    document.title = words.say("door");
    wire();
    const first = this.stage.querySelector("[autofocus]");
    if (first) first.focus();
  }

  open(door, sync) {
    Object.assign(this, { door, sync });
    document.getElementById("bar").hidden = false;
    typing((text) => this.heard(text));
    sync.addEventListener("turned", () => this.turned());
    window.setInterval(() => this.header(), 1000);
    this.find();
  }

  turned() {
    this.header();
    if (this.name === "empty" && this.door.list) this.find();
  }

  async header() {
    if (!this.door) return;
    const { door, sync } = this;
    const now = door.clock.now();
    const names = door.list ? door.list.meta.names : {};
    const put = (id, text) => {
      const place = document.getElementById(id);
      if (place.textContent !== text) place.textContent = text;
    };
    put("bar-door", [names.site, names.door].filter(Boolean).join(" "));
    const state = sync.online ? "online" : "offline";
    document.body.dataset.state = state;
    put("bar-state", words.say(sync.revoked ? "revoked" : state));
    put("bar-age", door.list ? words.say("age", { span: words.span(door.age(now)) }) : "");
    const count = await this.store.count("waiting");
    document.getElementById("bar-waiting").dataset.count = count;
    put("bar-waiting", words.say("waiting", { count }));
    const warn = door.list && door.age(now) > (door.rules(now).stale_warning || Infinity);
    put("bar-trouble", this.trouble(warn));
  }

  trouble(warn) {
    const { door, sync } = this;
    if (sync.revoked) return words.say("revoked_more");
    if (door.clock.backwards) return words.say("door.clock");
    if (sync.trouble) return words.say(sync.trouble);
    return warn ? words.say("old_list") : "";
  }

  // scanning and typing

  find() {
    clearTimeout(this.later);
    this.header();
    if (!this.door.list) { this.show("empty"); return; }
    this.show("find");
    this.ways();
    const field = this.at("input");
    field.addEventListener("input", () => this.hits(this.door.list.people.search(field.value)));
    this.at("form").addEventListener("submit", (event) => { event.preventDefault(); this.heard(field.value); });
    this.last();
    this.see();
  }

  ways() {
    for (const one of this.stage.querySelectorAll("[data-way]")) {
      one.setAttribute("aria-pressed", String(one.dataset.way === this.door.direction));
    }
  }

  way(button) {
    this.door.direction = button.dataset.way;
    this.store.put("direction", button.dataset.way);
    this.ways();
  }

  hits(people, none = false) {
    const list = this.at("[data-hits]");
    list.replaceChildren(...people.map((person) => {
      const item = document.getElementById("hit").content.cloneNode(true);
      item.querySelector("strong").textContent = person.name;
      item.querySelector("small").textContent = words.say("who", { place: person.place, badge: person.badge, phone: person.phone });
      item.querySelector("button").addEventListener("click", () => this.person(person));
      return item;
    }));
    this.at("[data-none]").hidden = !none;
  }

  async see() {
    const video = this.at("video");
    if (this.camera) this.camera.stop();
    this.camera = null;
    if (!navigator.mediaDevices) return;
    const camera = new Camera(video, (text) => this.heard(text));
    if (this.remembered) [camera.last, camera.seen] = this.remembered;
    this.camera = camera;
    try {
      await camera.start();
      if (this.camera !== camera) camera.stop();
      else video.hidden = false;
    } catch (error) {
      video.hidden = true;
    }
  }

  /** Something was scanned or typed, on whatever stage. */
  async heard(text) {
    if (!this.door || !this.door.list || !text.trim()) return;
    if (this.name === "person" && this.asking.typed(text)) return;
    const said = await this.door.meant(text);
    if (this.name !== "find") this.find();
    if (said.found) {
      if (said.found.length === 1) this.person(said.found[0]);
      else this.hits(said.found, !said.found.length);
    } else if (said.reason) this.wrong(said);
    else this.person(said.person, said.pass);
  }

  /** A pass that lets nobody in: red at once; filed where it says whose it is. */
  async wrong(said) {
    if (said.person) {
      this.verdict(await this.door.check(said.person, { direction: this.door.direction, celsius: null, pass: said.pass, reason: said.reason }), said.person);
    } else this.verdict({ row: null, answer: { colour: "red", reasons: [said.reason], asks: [] }, stored: false, undone: true }, null);
  }

  async person(person, pass = null) {
    this.dark();
    this.asking = new Person(this, person, pass);
    await this.asking.open();
  }

  dark() {
    if (!this.camera) return;
    this.remembered = [this.camera.last, performance.now()];
    this.camera.stop();
    this.camera = null;
  }

  verdict(made, person) {
    this.dark();
    this.made = made;
    new Verdict(this, made, person).open();
    this.sync.soon(1);
    if (made.answer.colour === "green") this.later = setTimeout(() => this.find(), AGAIN);
  }

  /** The last check can be taken back for some seconds, also when the next person stands there. */
  last() {
    const made = this.made;
    const strip = this.at("[data-last]");
    strip.hidden = !made || !made.row || !this.door.mayUndo(made);
    if (!strip.hidden) setTimeout(() => { if (strip.isConnected) this.last(); }, 1000);
  }

  async undo() {
    clearTimeout(this.later);
    if (!this.made || !this.door.mayUndo(this.made)) return;
    await this.door.undo(this.made);
    this.sync.soon(1);
    this.find();
  }

  async language() {
    await this.store.put("language", words.other());
    await words.load(words.other());
    if (this.door) this.find();
    else this.redo();
  }
}
