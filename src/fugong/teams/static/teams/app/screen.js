// What is on the screen: the day's list or one visit's sheet, and the bar above them.

import { dismiss, walkIn } from "./rows.js";
import { Sheet } from "./sheet.js";
import * as words from "../../fugong/offline/words.js";

const OFFERED = 20; // so many names at a time

export class Screen {
  constructor(renewal) {
    Object.assign(this, { renewal, stage: document.getElementById("stage"), store: null, day: null, sheet: null });
    document.getElementById("bar-language").addEventListener("click", () => this.other());
    document.getElementById("bar-take").addEventListener("click", () => renewal.take());
  }

  async open({ store, clock, sync }) {
    Object.assign(this, { store, clock, sync });
    this.day = (await store.get("day")) || null;
    await this.list();
    sync.addEventListener("turned", () => this.tell());
    window.setInterval(() => this.tell(), 1000);
  }

  /** Another part of the page; `fill(at)` puts its contents in. */
  show(name, fill = () => {}) {
    this.stage.replaceChildren(document.getElementById(`stage-${name}`).content.cloneNode(true));
    const at = (what) => this.stage.querySelector(what);
    words.fill(document.body);
    fill(at);
    window.scrollTo(0, 0);
    this.tell();
  }

  async other() {
    await words.load(words.other());
    if (this.store) await this.store.put("language", words.current()).catch(() => {});
    words.fill(document.body);
    if (this.sheet) this.sheet.open(); else if (this.store) await this.list();
  }

  /** The server's day has changed: the list shows it at once, an open sheet when it is left. */
  async renew() {
    this.day = (await this.store.get("day")) || null;
    if (!this.sheet) await this.list(); else this.sheet.renew(this.day);
    this.tell();
  }

  async list() {
    this.sheet = null;
    const { day } = this;
    const kept = await this.store.all("sheets"); // a team may share a phone: one goes on with what another began
    const sheets = new Map(kept.map((one) => [one.visit, one]));
    const refused = await this.store.all("refused");
    const visits = day ? day.visits : [];
    const listed = new Set(visits.map((visit) => visit.id));
    const more = kept.filter((one) => one.of && this.mine(one) && !listed.has(one.visit)).map((one) => one.of); // begun here: without a plan, or before midnight
    this.show("day", (at) => {
      at("[data-title]").textContent = day ? words.say("today", { day: words.moment(day.day).replace(/ ?00:00$/, "") }) : words.say("sheet");
      at("[data-none]").hidden = visits.length + more.length > 0;
      at("[data-none]").textContent = words.say(day ? "none" : "fetching");
      at("[data-visits]").replaceChildren(...[...visits, ...more].map((visit) => this.line(visit, sheets.get(visit.id))));
      at("[data-walk]").hidden = !(day && day.others && day.others.length);
      this.others(at);
      at("[data-refusals]").hidden = !refused.length;
      at("[data-rows]").replaceChildren(...refused.map((one) => this.refusal(one)));
    });
  }

  /** Whether a sheet that is on nobody's list was begun by who is signed in. */
  mine(sheet) { return !this.day || !sheet.member || sheet.member === this.day.member; }

  /** The enterprises that aren't on the list: a member may walk into one. */
  others(at) {
    const search = at("[data-walk] input"), list = at("[data-others]"), note = at("[data-others-note]");
    const shown = () => {
      const part = search.value.trim().toLowerCase();
      const found = (this.day && this.day.others || []).filter((one) => one.enterprise.toLowerCase().includes(part));
      list.replaceChildren(...found.slice(0, OFFERED).map((one) => this.offered(one)));
      const left = found.length - OFFERED;
      note.textContent = !found.length ? words.say("walk_none") : left > 0 ? words.say("walk_more", { count: left }) : "";
    };
    search.addEventListener("input", shown);
    shown();
  }

  offered({ id, enterprise }) {
    const made = document.getElementById("other").content.cloneNode(true);
    const button = made.querySelector("button");
    button.textContent = enterprise;
    button.addEventListener("click", () => this.visit(walkIn(id, enterprise)));
    return made;
  }

  line(visit, sheet) {
    const made = document.getElementById("visit").content.cloneNode(true);
    const { open, problems } = visit;
    const left = open.filter((item) => !(sheet && item.code in sheet.answers)).length;
    const count = new Set([...problems, ...(sheet ? sheet.problems : [])].map((one) => one.id)).size; // what was sent is with the server, too
    made.querySelector("strong").textContent = visit.place ? `${visit.place}. ${visit.enterprise}` : visit.enterprise;
    made.querySelector("small").textContent = [
      visit.unplanned && words.say("unplanned"), visit.arrives && words.say("arrives", { time: words.moment(visit.arrives).slice(-5) }),
      left && words.say("missing", { count: left }), count && words.say("open_problems", { count }),
    ].filter(Boolean).join(" · ");
    const state = (sheet && sheet.ended) || visit.state === "made" ? "made" : sheet && sheet.begun ? "begun" : "";
    made.querySelector("em").textContent = state && words.say(state);
    made.querySelector("button").addEventListener("click", () => this.visit(visit));
    return made;
  }

  async visit(visit) {
    const kept = await this.store.one("sheets", visit.id);
    this.sheet = new Sheet(this, visit, kept);
    this.sheet.open();
  }

  refusal({ id, row, problem }) {
    const made = document.getElementById("refusal").content.cloneNode(true);
    made.querySelector("span").textContent = words.say("refusal", {
      kind: words.say(`row.${row.kind}`), why: problem.detail || problem.code || "",
    });
    const button = made.querySelector("button");
    button.textContent = words.say("refusal_seen");
    button.addEventListener("click", async () => { await dismiss(this.store, id); await this.list(); });
    return made;
  }

  async tell() {
    const { store, sync, day } = this;
    if (!store) return;
    const pictures = (await store.keys("pictures")).length;
    const count = store.counts.waiting + pictures;
    document.body.dataset.state = sync.online ? "online" : "offline";
    put("bar-team", day ? day.team : "");
    put("bar-state", words.say(document.body.dataset.state));
    document.getElementById("bar-waiting").dataset.count = count;
    put("bar-waiting", words.say("waiting", { count }));
    put("bar-trouble", this.failed ? words.say("not_kept") : sync.trouble && words.say(sync.trouble));
    document.getElementById("bar-sign-in").hidden = !["sign_in", "other_member"].includes(sync.trouble);
    document.getElementById("bar-update").hidden = !this.renewal.waits;
  }
}

function put(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
}
