// Trips, without a page: the manifests of the list, what was done here since, and rows: decided, stored, then shown.

import { decide, forceAt } from "./decide.js";
import { uuid7 } from "../../fugong/offline/ids.js";
import { People } from "./people.js";

export const NO_RECORD = "arrival.no_record";
const NOT_ON_LIST = "trip.not_on_list", EXTRA = "arrival.extra", FIRST = "arrival.disinfect_first", IDENTITY = "arrival.identity";
const STANDS = { green: [], amber: [NO_RECORD, EXTRA, IDENTITY], red: ["door.fever_confirmed", NO_RECORD, EXTRA, IDENTITY] };
const COLOURS = ["green", "amber", "red"];
const GREEN = { colour: "green", reasons: [], asks: [], until: null, earliest: null };

/** By colour, the reasons with which somebody is checked in all the same: isolated, kept, or as an extra (docs/doors.md). */
function stands({ colour, reasons }) { return reasons.every((one) => STANDS[colour].includes(one)); }

function rowsOf(columns) {
  return columns.id.map((_, i) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[i]])));
}

export class Trips {
  constructor(door) { this.door = door; }

  get part() { return (this.door.list && this.door.list.meta.trips) || {}; }

  /** Every trip on the list, each with its people. */
  all() {
    if (this.of !== this.part) {
      this.of = this.part;
      this.made = (this.part.list || []).map((trip) => ({ ...trip, people: new People(rowsOf(trip.people)) }));
    }
    return this.made;
  }

  get(id) { return this.all().find((trip) => trip.id === id) || null; }

  force(now) { return forceAt(this.part.forces || [], now); }

  /** What counts as a disinfection: {least, most, minutes}. */
  limits(now) { return (this.force(now) || {}).disinfection || { least: 0, most: null, minutes: 0 }; }

  /** What this device has done of a trip that its list doesn't say yet. */
  own(trip, kind) {
    return [...this.door.trips.values()].map(({ row }) => row).filter((row) => row.trip === trip.id && row.kind === kind)
      .sort((a, b) => a.at - b.at);
  }

  /** When the vehicle was disinfected, by what the device knows; null for never. */
  disinfected(trip) {
    const [last] = this.own(trip, "disinfection").slice(-1);
    return trip.disinfected_at || (last ? last.at : null);
  }

  /** How everybody stands: {waiting, aboard, kept, arrived, extra}, each in the order of the seats. */
  standing(trip) {
    const states = new Map(trip.people.rows.map((person) => [person.id, person.state]));
    for (const row of this.own(trip, "boarding")) if (states.get(row.worker) === "booked") states.set(row.worker, "boarded");
    for (const row of this.own(trip, "checkin")) {
      if (["arrived", "fever", "extra"].includes(states.get(row.worker))) continue;
      const early = row.reasons.includes(NO_RECORD);
      states.set(row.worker, early ? "kept" : row.extra ? "extra" : row.reasons.includes("door.fever_confirmed") ? "fever" : "arrived");
    }
    const found = { waiting: [], aboard: [], kept: [], arrived: [], extra: [] };
    const parts = { booked: "waiting", boarded: "aboard", kept: "kept", arrived: "arrived", fever: "arrived", extra: "extra" };
    for (const [id, state] of states) {
      const person = trip.people.get(id) || this.door.list.people.get(id);
      if (person) found[parts[state]].push({ ...person, now: state });
    }
    return found;
  }

  /** How one person stands on a trip; null for who isn't on it. */
  state(trip, id) {
    for (const part of Object.values(this.standing(trip))) for (const one of part) if (one.id === id) return one.now;
    return null;
  }

  /** How many should be on board. */
  expected(trip) {
    const { aboard } = this.standing(trip);
    return aboard.length;
  }

  row(trip, kind, more) {
    const { door } = this;
    const row = { id: uuid7(), kind, trip: trip.id, at: door.clock.now(), ...more };
    if (door.guards.current) row.guard = door.guards.current.id;
    return row;
  }

  settle(trip, row, answer, changes, more) {
    return this.door.settle(row, answer, changes).then((made) => ({ ...made, trip, force: this.force(row.at), ...more }));
  }

  /** Whether somebody may get on, by what the device knows. */
  mayBoard(trip, person, reason = null) {
    const { door } = this;
    const now = door.clock.now();
    const member = trip.people.get(person.id);
    let said = GREEN;
    if (reason) said = { ...GREEN, colour: "red" };
    else if (!member) said = { ...GREEN, colour: "red", reasons: [NOT_ON_LIST] };
    else said = decide(this.part.forces || [], member.steps, now, "in", { celsius: null, mask: true, gloves: true });
    return door.stricter(said, person.id, now, { direction: "in", reason });
  }

  /** Somebody stands at the door of the vehicle: green, and they are on board. */
  board(trip, person, { stop = null, reason = null } = {}) {
    const answer = this.mayBoard(trip, person, reason);
    const row = this.row(trip, "boarding", {
      worker: person.id, colour: answer.colour, reasons: answer.reasons, snapshot: this.door.list.meta.number,
    });
    if (stop) row.stop = stop;
    const changes = answer.colour === "green" ? [["trips", row.id, { row, number: null }]] : [];
    const member = trip.people.get(person.id);
    const titles = { green: "trip_on_board", amber: "trip_not_yet", red: "trip_not_aboard" };
    return this.settle(trip, row, answer, changes, { titles, note: member ? member.seat : "" });
  }

  /** So many were counted; `leaves`: the vehicle drives on. */
  count(trip, counted, stop, leaves) {
    const expected = this.expected(trip);
    const row = this.row(trip, "headcount", { counted, leaves });
    if (stop) row.stop = stop;
    const right = counted === expected;
    const titles = { green: "trip_count_right", amber: "trip_count_wrong", red: "stop" };
    const answer = { ...GREEN, colour: right ? "green" : "amber" };
    return this.settle(trip, row, answer, [], { titles, counted, expected, plain: true });
  }

  /** The vehicle was disinfected just now. */
  disinfect(trip, given) {
    const row = this.row(trip, "disinfection", given);
    const titles = { green: "trip_clean_done", red: "stop" };
    return this.settle(trip, row, GREEN, [["trips", row.id, { row, number: null }]], { titles, plain: true });
  }

  /** The first measurement of somebody on arrival that is to be repeated. */
  first(trip, person, now) { return this.door.first(key(trip, person), now); }

  /** Somebody got off. `online`: the server was asked just now, and knows of no disinfection either. */
  checkIn(trip, person, { matched, celsius, online }) {
    const { door } = this;
    const now = door.clock.now();
    const first = this.first(trip, person, now);
    const reasons = [];
    let colour = "green";
    const add = (how, ...names) => {
      reasons.push(...names);
      if (COLOURS.indexOf(how) > COLOURS.indexOf(colour)) colour = how;
    };
    const said = this.measured(celsius, first, now);
    add(said.colour, ...said.reasons);
    if (matched === false) add("red", IDENTITY);
    if (!this.disinfected(trip)) add(online ? "red" : "amber", online ? FIRST : NO_RECORD);
    const extra = !trip.people.get(person.id);
    if (extra) add("amber", EXTRA);
    const answer = door.stricter({ ...GREEN, colour, reasons }, person.id, now, { direction: "out" });
    const row = this.row(trip, "checkin", {
      worker: person.id, extra, colour: answer.colour, reasons: answer.reasons, snapshot: door.list.meta.number,
    });
    if (celsius !== null) Object.assign(row, { celsius, matched });
    if (first && celsius !== null) row.second_of = first.id;
    const titles = { green: "trip_checked_in", amber: "not_yet", red: "stop" };
    return this.settle(trip, row, answer, this.consequences(trip, person, row, first), { titles, note: person.seat || "", tells: true });
  }

  /** What a temperature comes to on arrival, by the door's rules; nothing for none. */
  measured(celsius, first, now) {
    if (celsius === null) return GREEN;
    const rules = { ...this.door.rules(now), mask: false, gloves: false };
    const forces = [{ start: null, end: null, requirements: [], rules }];
    return decide(forces, [null, 0], now, "in", { celsius, second_of: first ? first.at : null });
  }

  consequences(trip, person, row, first) {
    const changes = [];
    const has = (name) => row.reasons.includes(name);
    if (has("door.fever") || has("door.implausible")) {
      if (!first) changes.push(["seconds", key(trip, person), { id: row.id, at: row.at, celsius: row.celsius }]);
    } else if (first && row.celsius !== undefined && !has("door.wait")) changes.push(["seconds", key(trip, person), null]);
    if (row.celsius !== undefined && stands(row)) changes.push(["trips", row.id, { row, number: null }]);
    return changes;
  }

  /** Who was told of a fever that was confirmed on arrival. */
  told(made, who, words) { return this.row(made.trip, "arrival_told", { check: made.row.id, who, words }); }
}

function key(trip, person) { return `${trip.id} ${person.id}`; }
