// Somebody stands at the door: a usual temperature is one key, mask and gloves are taken as worn, a missing register is asked.

import { mark } from "./screen.js";
import * as words from "./words.js";

/** A temperature as it was typed: 36.7, 36,7; by hand 367 too. Null for anything else. */
export function celsiusOf(text, byHand) {
  const said = text.trim().replace(/[,，。]/, ".");
  if (/^\d{2}(\.\d{1,2})?$/.test(said)) return Number(said);
  return byHand && /^[34]\d{2}$/.test(said) ? Number(said) / 10 : null;
}

export class Person {
  constructor(screen, person, pass) {
    Object.assign(this, { screen, person, pass });
  }

  open() {
    const { screen } = this;
    this.asked = screen.door.asked(this.person, screen.door.clock.now());
    if (screen.door.direction === "out") { this.check(); return; }
    screen.show("person", () => this.wire());
  }

  wire() {
    Object.assign(this, { mask: true, gloves: true, well: null, celsius: null });
    const { screen, person } = this;
    const at = (selector) => screen.at(selector);
    at("[data-name]").textContent = person.name;
    at("[data-who]").textContent = words.who(person);
    this.foreseen(at("[data-foreseen]"));
    this.second(at("[data-second]"));
    for (const name of ["mask", "gloves"]) this.worn(at(`[data-worn=${name}]`), name);
    at("[data-register]").hidden = !this.asked.register;
    for (const one of screen.stage.querySelectorAll("[data-well]")) {
      one.addEventListener("click", () => { this.well = one.dataset.well === "yes"; this.go(one, "[data-well]"); });
    }
    this.keys(at("[data-keys]"), at("[data-go]"));
    const form = at("form");
    form.hidden = !this.asked.celsius;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submitted(form.elements.celsius); });
  }

  /** What is known already to be in the way. */
  foreseen(place) {
    const { foreseen } = this.asked;
    const force = this.screen.door.force(this.screen.door.clock.now());
    place.hidden = foreseen.colour !== "red";
    place.textContent = foreseen.reasons.map((name) => words.reason(name, force)).join(" ");
  }

  second(place) {
    const { second, rules } = this.asked;
    place.hidden = !second;
    if (!second) return;
    const due = second.at + (rules.second_measurement || 0);
    const tell = () => {
      if (!place.isConnected) return;
      const rest = Math.max(0, due - this.screen.door.clock.now());
      const rests = `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
      place.textContent = words.say(rest ? "second_wait" : "second_now", { rest: rests, method: words.pair(rules.second_method) });
      if (rest) setTimeout(tell, 1000);
    };
    tell();
  }

  worn(button, name) {
    button.hidden = !this.asked[name];
    button.addEventListener("click", () => {
      this[name] = !this[name];
      button.setAttribute("aria-pressed", String(this[name]));
    });
  }

  keys(place, go) {
    go.hidden = this.asked.celsius;
    go.addEventListener("click", () => this.go(go, "[data-go]"));
    if (!this.asked.celsius) return;
    for (const celsius of this.asked.rules.usual || []) {
      const key = document.getElementById("key").content.firstElementChild.cloneNode(true);
      key.textContent = celsius.toFixed(1);
      key.addEventListener("click", () => { this.celsius = celsius; this.go(key, "[data-keys] button"); });
      place.append(key);
    }
  }

  /** A temperature that was typed, by hand or by a thermometer. Anything else is a scan. */
  typed(text, byHand) {
    const celsius = this.asked.celsius ? celsiusOf(text, byHand) : null;
    if (celsius === null) return false;
    this.celsius = celsius;
    this.go(null, "[data-keys] button");
    return true;
  }

  async submitted(field) {
    const understood = await this.screen.heard(field.value, true);
    const note = field.isConnected && this.screen.at("[data-mistyped]");
    if (note) note.hidden = understood && field.value.trim() !== "";
  }

  /** An answer was given; when nothing is missing any more, the door decides. */
  go(key, group) {
    for (const one of this.screen.stage.querySelectorAll(group)) one.setAttribute("aria-pressed", String(one === key));
    const missing = this.asked.register && this.well === null;
    this.screen.at("[data-register]").classList.toggle("is-wanted", missing);
    if (missing || (this.asked.celsius && this.celsius === null)) return;
    this.check();
  }

  async check() {
    const { screen, person, asked } = this;
    if (screen.settling) return;
    mark("door:tap");
    const { door } = screen;
    const given = { direction: door.direction, celsius: null, pass: this.pass, reason: null };
    if (door.direction === "in") {
      given.celsius = this.celsius;
      if (asked.mask) given.mask = this.mask;
      if (asked.gloves) given.gloves = this.gloves;
      if (this.well !== null) given.register = { well: this.well };
    }
    screen.verdict(await screen.settle(() => door.check(person, given)), person);
  }
}
