// The answer fills the screen: colour, shape, word, sound; why, and what to do.

import { sound } from "./sound.js";
import { UNDO } from "./door.js";
import * as words from "./words.js";

const TITLES = { green: "go_in", amber: "not_yet", red: "stop" };

export class Verdict {
  constructor(screen, made, person) { Object.assign(this, { screen, made, person }); }

  open() {
    const { screen, made, person } = this;
    const { answer, row } = made;
    const out = row && row.direction === "out" && answer.colour === "green";
    screen.show("verdict");
    const at = (selector) => screen.at(selector);
    at("[data-verdict]").dataset.verdict = answer.colour;
    at("h1").textContent = words.say(out ? "went_out" : TITLES[answer.colour]);
    at("[data-name]").textContent = person ? person.name : "";
    at("[data-until]").textContent = this.until();
    const force = screen.door.force(screen.door.clock.now());
    at("[data-reasons]").replaceChildren(...answer.reasons.map((name) => {
      const item = document.createElement("li");
      item.textContent = words.reason(name, force);
      return item;
    }));
    at("[data-todo]").textContent = this.todo();
    this.waits(at("[data-waits]"));
    at("[data-again]").hidden = !(person && answer.colour === "amber");
    at("[data-again]").addEventListener("click", () => screen.person(person));
    this.undo(at("[data-do=undo]"));
    at("[data-do=find]").focus();
    sound(answer.colour);
  }

  until() {
    const { answer, row } = this.made;
    if (answer.colour !== "green" || (row && row.direction === "out")) return "";
    const end = answer.until === null ? words.say("no_end") : words.say("until", { moment: words.moment(answer.until) });
    return row && row.celsius !== undefined ? `${row.celsius.toFixed(1)} ℃ · ${end}` : end;
  }

  todo() {
    const { answer } = this.made;
    if (answer.colour === "green") return "";
    const mine = answer.reasons.map((name) => words.say(`do.${name}`)).find(Boolean);
    if (mine) return mine;
    if (answer.earliest) return words.say("from", { moment: words.moment(answer.earliest) });
    return words.say(answer.colour === "amber" ? "check_again" : "own_page");
  }

  /** A confirmed fever: where the person waits, and whom to call. */
  waits(place) {
    const { waiting } = this.screen.door.list.meta;
    const fever = this.made.answer.reasons.includes("door.fever_confirmed");
    place.hidden = !fever;
    if (fever && waiting) place.textContent = words.say("wait_at", waiting);
  }

  undo(button) {
    const tell = () => {
      if (!button.isConnected) return;
      button.hidden = !this.made.row || !this.screen.door.mayUndo(this.made);
      if (button.hidden) return;
      const rest = this.made.row.at + UNDO - this.screen.door.clock.now();
      button.textContent = words.say("undo", { rest: Math.max(0, rest) });
      setTimeout(tell, 1000);
    };
    tell();
  }
}
