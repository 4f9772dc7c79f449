// A guard takes the door over with a PIN, or signs off; whoever kept it before is signed off with it.

import { refuse } from "./after.js";
import * as words from "./words.js";

export class Shift {
  constructor(screen, then = () => screen.find(), otherwise = () => screen.find()) { Object.assign(this, { screen, then, otherwise }); }

  open(why = "") {
    const { screen } = this;
    const { guards, list } = screen.door;
    const known = guards.of(list);
    const others = known.filter((one) => !guards.current || one.id !== guards.current.id);
    screen.show("guard", () => {
      const form = screen.at("form");
      screen.at("[data-now]").textContent = this.now(known, why);
      screen.at("[data-choices]").replaceChildren(...others.map((guard, i) => choice("guard", guard.id, guard.name, others.length === 1 && i === 0)));
      form.hidden = !others.length;
      screen.at("[data-go]").textContent = words.say(guards.current ? "guard_over" : "guard_in");
      screen.at("[data-off]").hidden = !guards.current;
      screen.at("[data-off]").addEventListener("click", () => this.off());
      if (others.length === 1) form.elements.pin.autofocus = true;
      form.addEventListener("submit", (event) => { event.preventDefault(); this.go(form, others); });
      const back = screen.at("[data-do=find]");
      delete back.dataset.do;
      back.addEventListener("click", () => this.otherwise());
    });
  }

  now(known, why) {
    const { current } = this.screen.door.guards;
    if (!known.length) return words.say("guard_unknown");
    if (why) return words.say(why);
    return current ? words.say("guard_keeps", { name: current.name }) : words.say("guard_none");
  }

  async go(form, others) {
    const { screen } = this;
    const { guards } = screen.door;
    const guard = others.find((one) => one.id === form.elements.guard.value);
    const pin = form.elements.pin.value.trim();
    if (!guard || !pin) { refuse(screen, words.say("pin_both")); return; }
    if (this.busy) return;
    this.busy = true;
    try {
      if (await guards.signIn(guard, pin)) {
        screen.header.tell();
        screen.sync.changed();
        this.then();
        return;
      }
      form.elements.pin.value = "";
      form.elements.pin.focus();
      const pause = await guards.pause();
      refuse(screen, words.say(pause ? "pin_pause" : "pin_wrong", { seconds: pause }));
    } catch (error) {
      refuse(screen, words.say("not_kept"));
    } finally {
      this.busy = false;
    }
  }

  async off() {
    const { screen } = this;
    try {
      await screen.door.guards.signOff();
    } catch (error) {
      refuse(screen, words.say("not_kept"));
      return;
    }
    screen.header.tell();
    screen.sync.changed();
    this.otherwise();
  }
}

function choice(name, value, text, chosen) {
  const made = document.getElementById("choice").content.cloneNode(true);
  const input = made.querySelector("input");
  Object.assign(input, { name, value, checked: chosen });
  made.querySelector("span").textContent = text;
  return made;
}
