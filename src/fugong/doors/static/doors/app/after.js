// After a refusal: a guard lets somebody in all the same, or says who was told of a confirmed fever.

import { Shift } from "./shift.js";
import * as words from "./words.js";

/** Let somebody in against the refusal. It is the guard's word, so a guard is signed in first. */
export class Override {
  constructor(screen, made, person) { Object.assign(this, { screen, made, person }); }

  open() {
    const { screen, made, person } = this;
    const { door } = screen;
    if (!door.guards.current) {
      new Shift(screen, () => this.open(), () => screen.same()).open("guard_first");
      return;
    }
    screen.show("override", () => {
      screen.at("[data-name]").textContent = person.name;
      const force = door.force(made.row.at);
      screen.at("[data-why]").textContent = made.answer.reasons.map((name) => words.reason(name, force)).join(" ");
      screen.at("[data-by]").textContent = words.say("override_by", { name: door.guards.current.name });
      screen.at("[data-back]").addEventListener("click", () => screen.same());
      screen.at("form").addEventListener("submit", (event) => { event.preventDefault(); this.go(event.target); });
    });
  }

  async go(form) {
    const { screen, made } = this;
    const said = { reason: form.elements.reason.value, words: form.elements.words.value.trim() };
    if (!said.reason || (said.reason === "other" && !said.words)) {
      refuse(screen, words.say(said.reason ? "override_say" : "override_choose"));
      return;
    }
    if (screen.settling) return;
    try {
      await screen.settle(() => screen.door.override(made, said.reason, said.words));
    } catch (error) {
      refuse(screen, words.say("not_kept"));
      return;
    }
    screen.sync.changed();
    screen.same();
  }
}

/** Who was told of a confirmed fever. */
export class Tell {
  constructor(screen, made, person) { Object.assign(this, { screen, made, person }); }

  open() {
    const { screen, person } = this;
    const waiting = screen.door.list.meta.waiting || {};
    screen.show("tell", () => {
      screen.at("[data-name]").textContent = person.name;
      screen.at("[data-waits]").textContent = waits(waiting);
      const form = screen.at("form");
      form.elements.who.value = waiting.call || "";
      screen.at("[data-back]").addEventListener("click", () => screen.same());
      form.addEventListener("submit", (event) => { event.preventDefault(); this.go(form); });
    });
  }

  async go(form) {
    const { screen, made } = this;
    const who = form.elements.who.value.trim();
    if (!who) { refuse(screen, words.say("tell_name")); return; }
    if (screen.settling) return;
    try {
      await screen.settle(() => screen.door.told(made, who, form.elements.words.value.trim()));
    } catch (error) {
      refuse(screen, words.say("not_kept"));
      return;
    }
    screen.sync.changed();
    screen.same();
  }
}

/** Where somebody with a confirmed fever waits, and whom to call; as far as the enterprise has said it. */
export function waits({ place, call, phone }) {
  return [place && words.say("wait_at", { place }), (call || phone) && words.say("wait_call", { who: [call, phone].filter(Boolean).join(" ") })]
    .filter(Boolean).join(" ") || words.say("wait_nowhere");
}

export function refuse(screen, text) {
  const place = screen.at("[data-trouble]");
  place.textContent = text;
  place.hidden = false;
}
