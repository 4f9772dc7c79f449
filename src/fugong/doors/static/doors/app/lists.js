// What a guard looks up: how the device stands, who is inside as far as it has seen, and what the server wouldn't take.

import { dismiss } from "./outbox.js";
import { visitorRow } from "./visiting.js";
import * as words from "./words.js";

export function more(screen) {
  const { door } = screen;
  screen.show("more", () => {
    const { current } = door.guards;
    screen.at("[data-guard]").textContent = current ? current.name : words.say("guard_none");
    screen.at("[data-visitors]").textContent = words.say("count_inside", { count: door.visits.size });
    screen.at("[data-inside]").textContent = words.say("count_inside", { count: door.present().length + door.visits.size });
    screen.at("[data-trips]").textContent = words.say("count_trips", { count: door.journeys.all().length });
    screen.at("[data-refused]").textContent = words.say("count_rows", { count: screen.store.counts.refused });
    screen.at("[data-about]").textContent = door.list
      ? words.say("about", { count: door.list.people.size, moment: words.moment(door.list.meta.issued_at) }) : "";
    screen.at("[data-do=pair]").hidden = !door.revoked;
    screen.at("[data-device]").textContent = door.device.name || door.device.id;
  });
}

export function row(strong, small, button) {
  const made = document.getElementById("row").content.cloneNode(true);
  made.querySelector("strong").textContent = strong;
  made.querySelector("small").textContent = small;
  const at = made.querySelector("button");
  if (button) {
    at.textContent = button.say;
    at.setAttribute("aria-label", `${button.say}: ${strong}`);
    at.addEventListener("click", button.go);
  } else at.remove();
  return made;
}

/** Everybody whom this device has let in and not out: for an evacuation the server knows those of the other doors. */
export function inside(screen) {
  const { door } = screen;
  screen.show("inside", () => {
    const present = door.present();
    screen.at("[data-how]").textContent = words.say("inside_how", { count: present.length + door.visits.size });
    screen.at("[data-rows]").replaceChildren(
      ...present.map(({ person, at }) => row(person.name, words.say("since", { who: words.who(person), moment: words.moment(at) }))),
      ...[...door.visits.values()].map((visit) => visitorRow(screen, visit, () => inside(screen))),
    );
  });
}

export async function refusals(screen) {
  const rows = await screen.store.all("refused").catch(() => []);
  screen.show("refusals", () => {
    screen.at("[data-none]").hidden = rows.length > 0;
    screen.at("[data-rows]").replaceChildren(...rows.map((one) => row(
      whose(screen, one.row),
      words.say("refusal", { kind: words.say(`row.${one.row.kind}`), moment: words.moment(one.row.at), why: one.problem.detail || one.problem.code || "" }),
      { say: words.say("refusal_seen"), go: () => seen(screen, one.id) },
    )));
  });
}

function whose(screen, { worker, name, guard, trip: of }) {
  const { list, guards } = screen.door;
  const trip = screen.door.journeys.get(of);
  const person = list.people.get(worker) || (trip && trip.people.get(worker));
  const known = guards.of(list).find((one) => one.id === guard);
  return (person && person.name) || name || (known && known.name) || (trip && trip.code) || words.say("somebody");
}

async function seen(screen, id) {
  try {
    await dismiss(screen.store, id);
    await screen.door.reloadBlocked();
  } catch (error) {
    screen.failed();
  }
  screen.header.tell();
  refusals(screen);
}
