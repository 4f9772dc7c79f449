// Somebody who is on no list: registered at the door under the `visit` permission, offline too, and signed out.

import { decide } from "./decide.js";
import { uuid7 } from "../../fugong/offline/ids.js";

export const QUESTIONS = ["away", "contact", "symptoms"];

/**
 * Register a visitor: `given` is {name, phone, company, host, purpose, answers, celsius, mask}; `first` {at} is their measurement
 * that this one repeats. Returns what a check returns, with `first` where a second measurement is due.
 */
export async function register(door, given, first = null) {
  const now = door.clock.now();
  const visit = door.list.meta.visit || { forces: [], steps: null };
  const measures = { celsius: given.celsius, mask: given.mask, gloves: true, register: { well: !given.answers.symptoms }, second_of: first && first.at };
  const said = decide(visit.forces || [], visit.steps, now, "in", measures);
  const reasons = QUESTIONS.some((one) => given.answers[one]) ? ["door.visitor_answers"] : [];
  const colour = reasons.length ? "red" : said.colour;
  const answer = door.stricter({ ...said, colour, reasons: [...said.reasons, ...reasons] }, null, now, { direction: "in" });
  const row = { id: uuid7(), kind: "visit", at: now, colour: answer.colour, reasons: answer.reasons, ...given };
  if (row.celsius === null) delete row.celsius;
  if (door.guards.current) row.guard = door.guards.current.id;
  const kept = { id: row.id, at: now, name: given.name, company: given.company, host: given.host };
  const changes = answer.colour === "green" ? [["visits", row.id, kept]] : [];
  const repeat = answer.reasons.some((name) => name === "door.fever" || name === "door.implausible" || name === "door.wait");
  return { ...(await settled(door, row, answer, changes)), first: repeat ? first || { at: now } : null };
}

async function settled(door, row, answer, changes) {
  const writes = changes.map(([part, , value]) => [part, "put", value]); // visits have their key in themselves
  try {
    await door.store.write([["waiting", "put", row], ["kept", "put", door.clock.kept(), "clock"], ...writes]);
  } catch (error) {
    const red = { ...answer, colour: "red", reasons: [...answer.reasons, "door.not_stored"], until: null };
    return { row, answer: red, stored: false, before: [], visitor: true };
  }
  door.remember(changes);
  return { row, answer, stored: true, before: [], visitor: true };
}

/** A visitor went out. */
export async function leave(door, id) {
  const row = { id: uuid7(), kind: "leave", visit: id, at: door.clock.now() };
  if (door.guards.current) row.guard = door.guards.current.id;
  await door.store.write([["waiting", "put", row], ["visits", "delete", id]]);
  door.visits.delete(id);
}
