// Visitors: registered in twenty seconds, and signed out. What is asked of them stands on one page.

import { refuse } from "./after.js";
import { row } from "./lists.js";
import { celsiusOf } from "./person.js";
import * as register from "./visitors.js";
import * as words from "./words.js";

export class Visitor {
  /** `before`: what the same visitor's earlier registration came to; what was typed then stands in the form. */
  constructor(screen, before = null) { Object.assign(this, { screen, before, mask: true }); }

  open() {
    const { screen } = this;
    const { rules } = screen.door.visiting(screen.door.clock.now());
    this.limited = rules.fever_limit !== null && rules.fever_limit !== undefined;
    screen.show("visitor", () => {
      const form = screen.at("form");
      screen.at("[data-measured]").hidden = !this.limited;
      screen.at("[data-all-no]").addEventListener("click", () => {
        for (const one of form.querySelectorAll("input[value=no]")) one.checked = true;
        form.dispatchEvent(new Event("input", { bubbles: true }));
      });
      this.worn(screen.at("[data-worn]"), rules);
      this.keys(form, rules.usual || []);
      if (this.before) this.fill(form, this.before.row);
      form.addEventListener("submit", (event) => { event.preventDefault(); this.go(form); });
    });
  }

  fill(form, row) {
    for (const name of ["name", "host", "phone", "company"]) form.elements[name].value = row[name];
    for (const name of register.QUESTIONS) form.elements[name].value = row.answers[name] ? "yes" : "no";
    const purpose = [...form.elements.purpose].find((one) => words.say(`purpose.${one.value}`) === row.purpose);
    if (purpose) purpose.checked = true;
  }

  worn(button, rules) {
    button.hidden = !rules.mask;
    button.addEventListener("click", () => {
      this.mask = !this.mask;
      button.setAttribute("aria-pressed", String(this.mask));
    });
  }

  keys(form, usual) {
    const keys = usual.map((celsius) => {
      const key = document.getElementById("key").content.firstElementChild.cloneNode(true);
      key.textContent = celsius.toFixed(1);
      key.addEventListener("click", () => { form.elements.celsius.value = celsius.toFixed(1); press(); });
      return key;
    });
    const press = () => keys.forEach((key) => key.setAttribute("aria-pressed", String(key.textContent === form.elements.celsius.value)));
    form.elements.celsius.addEventListener("input", press);
    this.screen.at("[data-keys]").replaceChildren(...keys);
  }

  /** What was typed: {given} or {missing: word}. */
  read(form) {
    const text = (name) => form.elements[name].value.trim();
    const answers = {};
    for (const name of register.QUESTIONS) {
      if (!form.elements[name].value) return { missing: "visitor_answer" };
      answers[name] = form.elements[name].value === "yes";
    }
    if (!text("name") || !text("host")) return { missing: "visitor_missing" };
    const celsius = this.limited ? celsiusOf(text("celsius"), true) : null;
    if (this.limited && celsius === null) return { missing: "mistyped" };
    const purpose = words.say(`purpose.${form.elements.purpose.value}`);
    return {
      given: { name: text("name"), host: text("host"), phone: text("phone"), company: text("company"), purpose, answers, celsius, mask: this.mask },
    };
  }

  async go(form) {
    const { screen } = this;
    const { given, missing } = this.read(form);
    if (missing) { refuse(screen, words.say(missing)); return; }
    if (screen.settling) return;
    screen.verdict(await screen.settle(() => register.register(screen.door, given, this.before && this.before.first)), { name: given.name });
  }
}

export function visitorRow(screen, visit, then) {
  const small = words.say("visit", { company: visit.company, host: visit.host, moment: words.moment(visit.at) });
  return row(visit.name, small, { say: words.say("went_out"), go: () => out(screen, visit.id, then) });
}

/** The visitors who are inside. */
export function visitors(screen) {
  screen.show("visitors", () => {
    const all = [...screen.door.visits.values()];
    screen.at("[data-none]").hidden = all.length > 0;
    screen.at("[data-rows]").replaceChildren(...all.map((visit) => visitorRow(screen, visit, () => visitors(screen))));
  });
}

async function out(screen, id, then) {
  try {
    await register.leave(screen.door, id);
  } catch (error) {
    screen.failed();
    return;
  }
  screen.header.tell();
  screen.sync.changed();
  then();
}
