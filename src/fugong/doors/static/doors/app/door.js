// The door itself, without a page: what a scan means, what is asked of somebody, and a check: decided, stored, then shown.

import { decide, forceAt } from "./decide.js";
import { uuid7 } from "../../fugong/offline/ids.js";
import * as passes from "./passes.js";
import { Trips } from "./trips.js";

export const UNDO = 10; // seconds
const LONGEST = 32; // characters of what somebody types to find a person
const AGAIN = 12 * 3600; // seconds in which a measurement can be the second one of an earlier
const LASTS = 36 * 3600; // seconds: who came in longer ago has gone out by another way
const RED_HERE = ["door.revoked", "door.clock", "door.not_stored", "door.refused_here"];
const BLOCKING = ["door.fever_confirmed", "door.unwell"];

export class Door {
  constructor({ store, clock, device, guards }) {
    Object.assign(this, { store, clock, device, guards });
    this.list = null;
    this.direction = "in";
    this.revoked = false; // the server has said that this device keeps no door any more
    this.inside = new Map();
    this.seconds = new Map();
    this.blocked = new Map();
    this.visits = new Map();
    this.trips = new Map(); // what was done here of trips and the list doesn't say yet
    this.journeys = new Trips(this);
    this.trip = null; // the one that is open on the screen: {id, way}
  }

  async load() {
    for (const part of ["inside", "seconds", "blocked", "trips"]) this[part] = new Map(await this.store.entries(part));
    this.visits = new Map((await this.store.all("visits")).map((visit) => [visit.id, visit]));
    this.direction = (await this.store.get("direction")) || "in";
    this.trip = (await this.store.get("trip")) || null;
    this.revoked = Boolean(await this.store.get("revoked"));
  }

  async reloadBlocked() {
    for (const part of ["blocked", "trips"]) this[part] = new Map(await this.store.entries(part));
  }

  force(now) { return this.list ? forceAt(this.list.meta.forces, now) : null; }

  rules(now) {
    const force = this.force(now);
    return force ? force.rules : {};
  }

  /** Seconds since the server made the list. */
  age(now) { return this.list ? Math.max(0, now - this.list.meta.issued_at) : null; }

  stale(now) {
    const limit = this.rules(now).stale_limit;
    return (limit !== null && limit !== undefined && this.age(now) > limit) || now >= this.list.meta.expires_at;
  }

  /** What a scanned or typed text means: {person, pass, reason} or {found: [people]}. */
  async meant(text) {
    const trimmed = text.trim();
    if (trimmed.toUpperCase().startsWith(passes.PREFIX)) {
      const said = await passes.read(trimmed, this.list, this.clock.now());
      const person = said.worker ? this.list.people.get(said.worker) : null;
      return { person, pass: said.pass, reason: said.reason || (person ? null : "door.not_on_list") };
    }
    if (trimmed.length > LONGEST) return { person: null, pass: null, reason: "door.pass_unreadable" }; // a pass without its beginning
    const person = this.list.people.get(trimmed) || this.list.people.badge(trimmed);
    if (person) return { person, pass: null, reason: null };
    return { found: this.list.people.search(trimmed) };
  }

  /** What is to be asked of somebody: {celsius, mask, gloves, register, second}; and what will be said if all is well. */
  asked(person, now) {
    const rules = this.rules(now);
    const first = this.first(person.id, now);
    const limited = rules.fever_limit !== null && rules.fever_limit !== undefined;
    const well = { celsius: (rules.usual && rules.usual[0]) || 36.5, mask: true, gloves: true, second_of: first ? first.at : null };
    const foreseen = decide(this.list.meta.forces, person.steps, now, "in", well);
    return {
      celsius: limited, mask: Boolean(rules.mask), gloves: Boolean(rules.gloves), register: foreseen.asks.includes("register"),
      second: first, foreseen, rules,
    };
  }

  /** The rules for visitors. */
  visiting(now) {
    const { visit } = this.list.meta;
    const force = visit ? forceAt(visit.forces || [], now) : null;
    return { rules: (force && force.rules) || this.rules(now) };
  }

  /** Whom of the list this device has let in and not out: [{person, at}], by name. */
  present() {
    const now = this.clock.now();
    const found = [];
    for (const [id, { at }] of this.inside) {
      const person = this.list && this.list.people.get(id);
      if (person && now - at < LASTS) found.push({ person, at });
    }
    return found.sort((a, b) => (a.person.initials || "").localeCompare(b.person.initials || "") || a.at - b.at);
  }

  /** The first high or implausible measurement of somebody that is to be repeated: {id, at}. */
  first(worker, now) {
    const found = this.seconds.get(worker);
    return found && now - found.at <= AGAIN ? found : null;
  }

  /** What only the device knows comes on top, and only makes it stricter. */
  stricter(answer, worker, now, given) {
    const own = [];
    if (given.reason) own.push(given.reason);
    if (this.revoked) own.push("door.revoked");
    if (this.clock.backwards) own.push("door.clock");
    if (given.direction === "in") {
      if (worker && this.blocked.has(worker)) own.push("door.refused_here");
      if (this.stale(now)) own.push("door.stale");
    }
    if (!own.length) return answer;
    const red = answer.colour === "red" || Boolean(given.reason) || own.some((one) => RED_HERE.includes(one));
    return {
      ...answer, colour: red ? "red" : "amber", reasons: [...answer.reasons, ...own], until: null, earliest: null,
    };
  }

  /**
   * Check somebody: `given` is {direction, celsius, mask, gloves, register, method, pass, reason}. The check is on the disk
   * before the answer comes; where it can't be, the answer is red. Returns {row, answer, stored}.
   */
  async check(person, given) {
    const now = this.clock.now();
    const first = given.direction === "in" ? this.first(person.id, now) : null;
    const measures = { ...given, second_of: first && given.celsius !== null ? first.at : null };
    const said = given.reason
      ? { colour: "red", reasons: [], asks: [], until: null, earliest: null }
      : decide(this.list.meta.forces, person.steps, now, given.direction, measures);
    const answer = this.stricter(said, person.id, now, given);
    const row = this.row(person, given, answer, now, measures.second_of === null ? null : first);
    return this.settle(row, answer, this.consequences(person.id, row, answer, first));
  }

  row(person, given, answer, now, first) {
    const row = {
      id: uuid7(), kind: "check", worker: person.id, at: now, direction: given.direction, colour: answer.colour,
      reasons: answer.reasons, snapshot: this.list.meta.number,
    };
    for (const name of ["celsius", "mask", "gloves", "register", "method", "pass"]) {
      if (given[name] !== null && given[name] !== undefined) row[name] = given[name];
    }
    if (first) row.second_of = first.id;
    if (this.guards.current) row.guard = this.guards.current.id;
    return row;
  }

  /** What else a check changes on the device: [part, key, value or null]. */
  consequences(worker, row, answer, first) {
    const changes = [];
    const has = (name) => answer.reasons.includes(name);
    if (has("door.fever") || has("door.implausible")) {
      if (!first) changes.push(["seconds", worker, { id: row.id, at: row.at, celsius: row.celsius }]);
    } else if (first && row.celsius !== undefined && !has("door.wait")) changes.push(["seconds", worker, null]);
    if (BLOCKING.some(has)) changes.push(["blocked", worker, { check: row.id, at: row.at, row, number: null }]);
    if (row.direction === "out") changes.push(["inside", worker, null]);
    else if (answer.colour === "green") changes.push(["inside", worker, { at: row.at }]);
    return changes;
  }

  /** Write a row and what hangs on it. What it changed is remembered, so that it can be taken back. */
  async settle(row, answer, changes) {
    const before = changes.map(([part, key]) => [part, key, this[part].get(key) || null]);
    try {
      await this.store.write([
        ["waiting", "put", row], ["kept", "put", this.clock.kept(), "clock"], ...changes.map(written),
      ]);
    } catch (error) {
      const red = { ...answer, colour: "red", reasons: [...answer.reasons, "door.not_stored"], until: null, earliest: null };
      return { row, answer: red, stored: false, before: [] };
    }
    this.remember(changes);
    return { row, answer, stored: true, before };
  }

  remember(changes) {
    for (const [part, key, value] of changes) {
      if (value === null) this[part].delete(key); else this[part].set(key, value);
    }
  }

  /** Seconds in which a check can still be taken back. */
  undoable(made) {
    const now = this.clock.now();
    const open = made.stored && !made.visitor && !made.trip && !made.undone && !made.overridden && !made.told && now >= made.row.at;
    return open ? Math.max(0, made.row.at + UNDO - now) : 0;
  }

  mayUndo(made) { return this.undoable(made) > 0; }

  /** Take a check back: a slip of the finger. */
  async undo(made) {
    const row = { id: uuid7(), kind: "undo", check: made.row.id, at: this.clock.now() };
    if (this.guards.current) row.guard = this.guards.current.id;
    await this.store.write([["waiting", "put", row], ...made.before.map(written)]);
    this.remember(made.before);
    made.undone = true;
  }

  /** Let somebody in against a refusal: a fact of its own. */
  async override(made, reason, words) {
    const row = {
      id: uuid7(), kind: "override", check: made.row.id, reason, words, guard: this.guards.current.id, at: this.clock.now(),
    };
    const changes = made.row.direction === "in" ? [["inside", made.row.worker, { at: row.at }]] : [];
    await this.store.write([["waiting", "put", row], ...changes.map(written)]);
    this.remember(changes);
    made.overridden = { reason, words, guard: this.guards.current.name };
  }

  /** Who was told of a confirmed fever. */
  async told(made, who, words) {
    const row = made.trip ? this.journeys.told(made, who, words)
      : { id: uuid7(), kind: "told", check: made.row.id, who, words, at: this.clock.now() };
    if (this.guards.current) row.guard = this.guards.current.id;
    await this.store.write([["waiting", "put", row]]);
    made.told = who;
  }
}

export function written([part, key, value]) {
  return value === null ? [part, "delete", key] : [part, "put", value, key];
}
