// The answer fills the screen: colour, shape, word, sound; why, and what to do.

import { waits } from "./after.js";
import { sound } from "./sound.js";
import * as words from "./words.js";

const TITLES = { green: "go_in", amber: "not_yet", red: "stop", over: "override_done" };
const SHAPES = { green: "circle-check", amber: "triangle", red: "octagon", over: "triangle" };

export class Verdict {
  constructor(screen, made, person) { Object.assign(this, { screen, made, person }); }

  /** Show it. `again`: it stood there before, so it makes no sound. */
  open(again = false) {
    const colour = this.made.overridden ? "over" : this.made.answer.colour;
    this.screen.show("verdict", () => this.wire(colour));
    if (!again) sound(colour);
  }

  wire(colour) {
    const { screen, made, person } = this;
    const { answer, row } = made;
    const at = (selector) => screen.at(selector);
    const out = row && row.direction === "out" && colour === "green";
    at("[data-verdict]").dataset.verdict = colour;
    at("[data-shape]").setAttribute("href", `${document.body.dataset.icons}#${SHAPES[colour]}`);
    at("h1").textContent = words.say(made.titles ? made.titles[colour] || TITLES[colour] : out ? "went_out" : TITLES[colour]);
    at("[data-name]").textContent = person ? person.name : "";
    at("[data-until]").textContent = this.until();
    const force = made.force || screen.door.force(row ? row.at : screen.door.clock.now());
    at("[data-reasons]").replaceChildren(...answer.reasons.map((name) => {
      const item = document.createElement("li");
      item.textContent = words.reason(name, force);
      return item;
    }));
    fill(at("[data-todo]"), this.todo());
    this.fever(at("[data-waits]"), at("[data-told]"));
    this.buttons(at);
  }

  until() {
    const { answer, row, overridden } = this.made;
    if (overridden) return words.say("override_for", { why: overridden.words || words.say(`override.${overridden.reason}`), name: overridden.guard });
    if (this.made.trip) return [this.made.note, degreesOf(row)].filter(Boolean).join(" · ");
    if (answer.colour !== "green" || (row && row.direction === "out")) return "";
    const degrees = degreesOf(row);
    // Where something was put right here, nobody knows yet until when: nothing is said then.
    const end = answer.until === null ? "" : words.say("until", { moment: words.moment(answer.until) });
    return [degrees, end].filter(Boolean).join(" · ");
  }

  todo() {
    const { answer, overridden } = this.made;
    if (overridden) return words.say("override_stands");
    if (answer.colour === "green" || answer.reasons.includes("door.fever_confirmed")) return ""; // where they wait is said instead
    const mine = answer.reasons.map((name) => words.say(`do.${name}`)).find(Boolean);
    if (mine) return mine;
    const rules = this.screen.door.rules(this.screen.door.clock.now());
    if (answer.reasons.includes("door.fever") && rules.second_measurement) {
      return words.say("do_second", { minutes: Math.round(rules.second_measurement / 60), method: words.pair(rules.second_method) });
    }
    if (this.made.trip) return this.made.plain && answer.colour === "amber" ? words.say("trip_count_todo") : "";
    if (answer.earliest) return words.say("from", { moment: words.moment(answer.earliest) });
    return words.say(answer.colour === "amber" ? "check_again" : "own_page");
  }

  /** A confirmed fever: where the person waits, whom to call, and who was told. */
  fever(place, told) {
    const { answer } = this.made;
    const { waiting } = this.screen.door.list.meta;
    fill(place, answer.reasons.includes("door.fever_confirmed") ? waits(waiting || {}) : "");
    fill(told, this.made.told ? words.say("told", { who: this.made.told }) : "");
  }

  buttons(at) {
    const { screen, made, person } = this;
    const { answer, row, stored } = made;
    const refused = Boolean(row && stored && !made.visitor && answer.colour !== "green" && !made.overridden);
    const again = at("[data-again]");
    again.hidden = !((person || made.again) && row && answer.colour !== "green" && !made.overridden);
    again.addEventListener("click", () => this.again());
    at("[data-do=tell]").hidden = !(refused && answer.reasons.includes("door.fever_confirmed") && !made.told);
    at("[data-do=override]").hidden = !(refused && row.direction === "in");
    const next = at("[data-do=find]");
    if (made.plain) next.querySelector("span").textContent = words.say("trip_on");
    next.dataset.first = "";
    this.undo(at("[data-do=undo]"));
  }

  again() {
    const { screen, made, person } = this;
    const named = made.answer.reasons.some((name) => name.startsWith("door.pass_")); // the pass didn't do: found by name instead
    if (made.again) made.again();
    else if (made.visitor) screen.visitorAgain();
    else screen.person(person, named ? null : made.row.pass || null);
  }

  undo(button) {
    const tell = () => {
      if (!button.isConnected) return;
      const rest = this.screen.door.undoable(this.made);
      button.textContent = words.say("undo", { rest });
      button.hidden = !rest;
      if (!rest) return;
      setTimeout(tell, 500);
    };
    tell();
  }
}

function degreesOf(row) { return row && row.celsius !== undefined && row.celsius !== null ? `${row.celsius.toFixed(1)} ℃` : ""; }

function fill(place, text) {
  place.textContent = text;
  place.hidden = !text;
}
