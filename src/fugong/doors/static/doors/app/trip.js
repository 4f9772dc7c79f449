// One trip on the screen: who gets on, how many are counted, the disinfection, who gets off; who is missing or extra, at once.

import { refuse } from "./after.js";
import { row } from "./lists.js";
import * as passes from "./passes.js";
import { Person } from "./person.js";
import { NO_RECORD } from "./trips.js";
import * as words from "./words.js";

const GROUPS = { board: ["waiting", "aboard"], arrive: ["aboard", "waiting", "kept", "extra", "arrived"] };
const TAPPED = { board: ["waiting"], arrive: ["aboard", "waiting", "kept"] }; // with a button: something is to be done with them

/** The trips on the list. */
export function trips(screen) {
  screen.show("trips", () => {
    const all = screen.door.journeys.all();
    screen.at("[data-none]").hidden = all.length > 0;
    screen.at("[data-hits]").replaceChildren(...all.map((trip) => {
      const item = document.getElementById("hit").content.cloneNode(true);
      item.querySelector("strong").textContent = [trip.code, trip.plate].filter(Boolean).join(" · ");
      item.querySelector("small").textContent = when(trip);
      item.querySelector("button").addEventListener("click", () => screen.take(trip.id));
      return item;
    }));
  });
}

function when(trip) { return words.say("trip_when", { departs: words.moment(trip.departs), arrives: words.moment(trip.arrives) }); }

export class Desk {
  constructor(screen, id, way = "board") { Object.assign(this, { screen, id, way, stop: null, said: "" }); }

  get trips() { return this.screen.door.journeys; }

  get trip() { return this.trips.get(this.id); }

  open() {
    const { screen, trip } = this;
    if (!trip) { screen.leave(); return; }
    screen.show("trip", () => {
      screen.at("[data-name]").textContent = [trip.code, trip.plate].filter(Boolean).join(" ");
      screen.at("[data-who]").textContent = when(trip);
      for (const one of screen.stage.querySelectorAll("[data-trip-way]")) {
        one.setAttribute("aria-pressed", String(one.dataset.tripWay === this.way));
        one.addEventListener("click", () => { this.way = one.dataset.tripWay; screen.store.put("trip", { id: this.id, way: this.way }).catch(() => screen.failed()); this.open(); });
      }
      this.stops(screen.at("[data-stops]"), screen.at("[data-stops] select"));
      const field = screen.at("input");
      field.addEventListener("input", () => this.hits(this.search(field.value)));
      screen.at("form").addEventListener("submit", (event) => { event.preventDefault(); screen.heard(field.value); });
      screen.at("[data-count]").hidden = this.way !== "board";
      screen.at("[data-count]").addEventListener("click", () => new Count(this).open());
      screen.at("[data-clean]").addEventListener("click", () => new Clean(this).open());
      screen.at("[data-leave]").addEventListener("click", () => screen.leave());
      this.note(this.said);
      this.said = "";
      this.fill();
    });
  }

  /** Where the vehicle stands: a boarding and a count are noted at that stop. */
  stops(place, field) {
    const { stops } = this.trip;
    place.hidden = this.way !== "board" || !stops.length;
    if (this.stop === null && stops.length) this.stop = stops[0].id;
    field.replaceChildren(...stops.map((stop) => new Option(stop.name, stop.id, false, stop.id === this.stop)));
    field.addEventListener("change", () => { this.stop = field.value; });
  }

  note(text) {
    const place = this.screen.at("[data-note]");
    place.textContent = text;
    place.hidden = !text;
  }

  /** What changes while the page stands: the numbers and the lists. */
  fill() {
    const { screen, trip, way } = this;
    if (!trip) return;
    const standing = this.trips.standing(trip);
    const all = trip.people.size, here = standing.arrived.length + standing.extra.length;
    screen.at("[data-tally]").textContent = way === "board"
      ? words.say("trip_tally_board", { count: all - standing.waiting.length, all })
      : words.say("trip_tally_arrive", { count: here, missing: standing.aboard.length, extra: standing.extra.length });
    const cleaned = this.trips.disinfected(trip), clean = screen.at("[data-cleaned]");
    clean.hidden = way !== "arrive";
    screen.at("[data-clean]").hidden = way !== "arrive" || Boolean(cleaned);
    clean.classList.toggle("is-no", !cleaned);
    clean.classList.toggle("is-yes", Boolean(cleaned));
    clean.textContent = cleaned ? words.say("trip_cleaned", { moment: words.moment(cleaned) }) : words.say("trip_not_cleaned");
    screen.at("[data-groups]").replaceChildren(...GROUPS[way].filter((part) => standing[part].length).map((part) => this.group(part, standing[part])));
  }

  group(part, people) {
    const made = document.getElementById("trip-group").content.cloneNode(true);
    made.querySelector("h2").textContent = words.say(`trip_${this.way}_${part}`, { count: people.length });
    const button = (person) => (TAPPED[this.way].includes(part)
      ? { say: words.say(this.way === "board" ? "trip_board_go" : "trip_check_in"), go: () => this.person(person) } : null);
    made.querySelector("ul").append(...people.map((person) => row([person.seat, person.name].filter(Boolean).join(" "), this.who(person), button(person))));
    return made;
  }

  who(person) {
    const stop = person.stop === null || person.stop === undefined ? "" : (this.trip.stops[person.stop] || {}).name;
    const fever = person.now === "fever" ? words.say("trip_fever") : "";
    return [fever, stop, words.who(person)].filter(Boolean).join(" · ");
  }

  /** People of the trip who may be meant; when there are none, people of the plant. */
  search(typed) {
    const found = this.trip.people.search(typed);
    return found.length ? found : this.screen.door.list.people.search(typed);
  }

  hits(people, none = false) {
    this.screen.at("[data-hits]").replaceChildren(...people.map((person) => {
      const item = document.getElementById("hit").content.cloneNode(true);
      item.querySelector("strong").textContent = [person.seat, person.name].filter(Boolean).join(" ");
      item.querySelector("small").textContent = this.trip.people.get(person.id) ? this.who(person) : words.say("trip.not_on_list");
      item.querySelector("button").addEventListener("click", () => this.person(person));
      return item;
    }));
    this.screen.at("[data-none]").hidden = !none;
  }

  /** Something was scanned or typed. */
  async heard(text) {
    const { screen, trip } = this;
    const { door } = screen;
    const said = await door.meant(text);
    if (said.person || said.reason) { // a scan: nothing more is to be asked of whoever gets on
      const person = said.person && (trip.people.get(said.person.id) || said.person);
      const known = text.trim().toUpperCase().startsWith(passes.PREFIX);
      if (person && (!said.reason || said.reason === "door.not_on_list")) { if (known && this.way === "board") await this.board(person); else await this.person(person); }
      else if (person) await this.board(person, said.reason);
      else screen.verdict({ row: null, trip, answer: { colour: "red", reasons: [said.reason], asks: [] }, stored: false }, null);
      return;
    }
    const found = this.search(text);
    if (found.length === 1) { await this.person(found[0]); return; }
    if (screen.name !== "trip") this.open();
    this.hits(found, !found.length);
  }

  /** Somebody was chosen: they are shown once more before they are on board, or measured before they are in. */
  async person(person) {
    if (this.screen.settling) return;
    const state = this.trips.state(this.trip, person.id);
    if (this.way === "arrive") { await this.arriving(person, state); return; }
    if (state && state !== "booked") { this.already(person, "trip_already_aboard"); return; }
    new Boarding(this, person).open();
  }

  already(person, word) {
    this.said = words.say(word, { name: person.name });
    this.open();
  }

  async board(person, reason = null) {
    const { screen, trip } = this;
    if (screen.settling) return;
    const state = this.trips.state(trip, person.id);
    if (!reason && state && state !== "booked") { this.already(person, "trip_already_aboard"); return; }
    const made = await screen.settle(() => this.trips.board(trip, person, { stop: this.stop, reason }));
    screen.verdict({ ...made, again: () => this.person(person) }, person);
  }

  /** Before the disinfection is recorded nobody is checked in: whether it is, the server is asked while it can be reached. */
  async arriving(person, state) {
    const { screen } = this;
    if (["arrived", "fever", "extra"].includes(state)) { this.already(person, "trip_already_in"); return; }
    let online = false;
    if (!this.trips.disinfected(this.trip)) {
      if (screen.name === "trip") this.note(words.say("trip_asking"));
      online = await screen.settle(() => screen.sync.look());
      if (!this.trip) { screen.leave(); return; }
    }
    const refused = online && !this.trips.disinfected(this.trip);
    if (refused) await this.checkIn(person, { matched: null, celsius: null, online: true });
    else new Arriving(this, person).open();
  }

  async checkIn(person, given) {
    const { screen } = this;
    if (screen.settling) return;
    const made = await screen.settle(() => this.trips.checkIn(this.trip, person, given));
    screen.verdict({ ...made, again: () => this.person(person) }, person);
  }
}

class Boarding {
  constructor(desk, person) { Object.assign(this, { desk, person }); }

  open() {
    const { desk, person } = this;
    const { screen } = desk;
    screen.show("boarding", () => {
      screen.at("[data-name]").textContent = [person.seat, person.name].filter(Boolean).join(" ");
      screen.at("[data-who]").textContent = desk.who(person);
      const said = desk.trips.mayBoard(desk.trip, person);
      const place = screen.at("[data-foreseen]");
      place.hidden = said.colour === "green";
      place.textContent = said.reasons.map((name) => words.reason(name, desk.trips.force(screen.door.clock.now()))).join(" ");
      screen.at("[data-go]").textContent = words.say(said.colour === "green" ? "trip_board_go" : "trip_refuse");
      screen.at("[data-go]").addEventListener("click", () => desk.board(person));
    });
  }
}

/** Somebody gets off: the document is theirs or not, and their temperature. */
class Arriving extends Person {
  constructor(desk, person) {
    super(desk.screen, person, null);
    Object.assign(this, { desk, matched: null });
  }

  open() {
    const { screen, desk, person } = this;
    const now = screen.door.clock.now();
    this.asked = { celsius: true, rules: screen.door.rules(now), second: desk.trips.first(desk.trip, person, now) };
    screen.asking = this;
    screen.show("arriving", () => this.wire());
  }

  wire() {
    Object.assign(this, { matched: null, celsius: null });
    const { screen, desk, person } = this;
    const at = (selector) => screen.at(selector);
    at("[data-name]").textContent = [person.seat, person.name].filter(Boolean).join(" ");
    at("[data-who]").textContent = desk.who(person);
    const own = [];
    if (!desk.trip.people.get(person.id)) own.push("arrival.extra");
    if (!desk.trips.disinfected(desk.trip)) own.push(NO_RECORD);
    at("[data-foreseen]").hidden = !own.length;
    at("[data-foreseen]").textContent = own.map((name) => words.say(name)).join(" ");
    this.second(at("[data-second]"));
    for (const one of screen.stage.querySelectorAll("[data-matched]")) {
      one.addEventListener("click", () => { this.matched = one.dataset.matched === "yes"; this.go(one, "[data-matched]"); });
    }
    this.keys(at("[data-keys]"), at("[data-go]"));
    const form = at("form");
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submitted(form.elements.celsius); });
  }

  go(button, group) {
    for (const one of this.screen.stage.querySelectorAll(group)) one.setAttribute("aria-pressed", String(one === button));
    this.screen.at("[data-identity]").classList.toggle("is-wanted", this.matched === null);
    if (this.matched === null || this.celsius === null) return;
    this.desk.checkIn(this.person, { matched: this.matched, celsius: this.celsius, online: false });
  }
}

/** How many are on board. */
class Count {
  constructor(desk) { this.desk = desk; }

  open() {
    const { desk } = this;
    const { screen } = desk;
    screen.show("count", () => {
      const stop = desk.trip.stops.find((one) => one.id === desk.stop);
      screen.at("[data-who]").textContent = stop ? stop.name : "";
      const form = screen.at("form");
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.go(form.elements.counted.value.trim(), Boolean(event.submitter && event.submitter.dataset.leaves !== undefined));
      });
    });
  }

  async go(typed, leaves) {
    const { desk } = this;
    const { screen } = desk;
    if (!/^\d{1,4}$/.test(typed)) { refuse(screen, words.say("trip_count_number")); return; }
    if (screen.settling) return;
    const made = await screen.settle(() => desk.trips.count(desk.trip, Number(typed), desk.stop, leaves));
    const note = words.say("trip_counted", { counted: made.counted, expected: made.expected });
    screen.verdict({ ...made, note, again: () => this.open() }, null);
  }
}

/** The disinfection of the vehicle, before anybody goes in. */
class Clean {
  constructor(desk) { this.desk = desk; }

  open() {
    const { desk } = this;
    const { screen } = desk;
    screen.show("clean", () => {
      const { least, most, minutes } = desk.trips.limits(screen.door.clock.now());
      screen.at("[data-limits]").textContent = words.say(most === null ? "trip_clean_least" : "trip_clean_limits", { least, most, minutes });
      const form = screen.at("form");
      const { current } = screen.door.guards;
      form.elements.by.value = current ? current.name : "";
      form.addEventListener("submit", (event) => { event.preventDefault(); this.go(form); });
    });
  }

  async go(form) {
    const { desk } = this;
    const { screen } = desk;
    const number = (name) => Number(form.elements[name].value.trim().replace(/[,，。]/, ".")) || 0;
    const given = { agent: form.elements.agent.value.trim(), mg_per_litre: number("mg"), minutes: number("minutes"), by: form.elements.by.value.trim() };
    const { least, most, minutes } = desk.trips.limits(screen.door.clock.now());
    const weak = given.mg_per_litre < least || (most !== null && given.mg_per_litre > most) || given.minutes < minutes;
    if (!given.agent || !given.by || !(given.mg_per_litre > 0) || !(given.minutes > 0)) { refuse(screen, words.say("trip_clean_missing")); return; }
    if (weak) { refuse(screen, words.say("trip_clean_weak", { least, most: most === null ? "…" : most, minutes })); return; }
    if (screen.settling) return;
    const made = await screen.settle(() => desk.trips.disinfect(desk.trip, given));
    screen.verdict({ ...made, note: `${given.agent} · ${given.mg_per_litre} mg/L · ${given.minutes} min` }, null);
  }
}
