// The list of who may come to this door, signed by the server: taken whole or as what has changed, checked, kept.

import * as base64 from "./base64.js";
import { ES256, verifies } from "./keys.js";
import { People } from "./people.js";

const REPLACED = ["forces", "waiting", "visit", "keys", "revoked", "guards", "names", "trips"];
const ROW = ["name", "initials", "badge", "phone", "steps"];

export class Untrusted extends Error {
  constructor(code) { super(code); this.code = code; }
}

async function fits(key, signature, bytes) {
  try {
    return await verifies(key, ES256, base64.decode(signature), bytes);
  } catch (error) {
    return false; // not base64
  }
}

/** One of the signatures ("kid signature, kid signature": after a rotation there are several) fits a key that is known. */
async function demandSignature(bytes, header, known) {
  for (const one of (header || "").split(",")) {
    const [kid, signature] = one.trim().split(" ");
    const key = known.find((other) => other.kid === kid && (!other.use || other.use.includes("snapshot")));
    if (key && signature && await fits(key, signature, bytes)) return;
  }
  throw new Untrusted("snapshot.signature");
}

/**
 * Numbers count within a lineage only. A restored database has another one: what is signed and newer in time is believed, whole;
 * anything else of another lineage is refused, and so is what is older.
 */
function demandNewer(body, device, kept) {
  const before = kept ? kept.meta.issued_at : device.enrolled || 0;
  if (body.lineage !== (kept ? kept.meta.lineage : device.lineage)) {
    if (body.since !== null || (kept ? body.issued_at <= before : body.issued_at < before)) throw new Untrusted("snapshot.lineage");
  } else if (body.issued_at < before || (kept && body.number < kept.meta.number)) throw new Untrusted("snapshot.older");
}

function rowsOf(body) {
  const { people, places } = body;
  return people.id.map((id, i) => {
    const row = { id, place: (places || [])[people.place ? people.place[i] : -1] || "" };
    for (const name of ROW) row[name] = people[name] ? people[name][i] : "";
    return row;
  });
}

/**
 * What the device keeps after an answer: {meta, rows}. Throws Untrusted when the answer isn't the server's word on this door, or
 * is older than what is kept; then that stays.
 */
export async function taken(bytes, signature, device, kept) {
  const known = kept ? kept.meta.keys : device.keys;
  await demandSignature(bytes, signature, known);
  let body;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Untrusted("snapshot.unreadable");
  }
  if (body.format !== 1) throw new Untrusted("snapshot.format");
  if (body.door !== device.door.id) throw new Untrusted("snapshot.door");
  demandNewer(body, device, kept);
  if (body.since === null) return whole(body);
  if (!kept || body.since !== kept.meta.number) throw new Untrusted("snapshot.gap");
  return changed(body, kept);
}

function whole(body) {
  const { people, places, gone, ...meta } = body;
  return { meta, rows: rowsOf(body), all: true };
}

function changed(delta, kept) {
  const meta = { ...kept.meta, number: delta.number, issued_at: delta.issued_at, expires_at: delta.expires_at };
  for (const name of REPLACED) if (delta[name] !== undefined) meta[name] = delta[name];
  const news = rowsOf(delta);
  const gone = delta.gone || [];
  if (!news.length && !gone.length) return { meta, rows: kept.rows, all: false };
  const rows = new Map(kept.rows.map((row) => [row.id, row]));
  for (const id of gone) rows.delete(id);
  for (const row of news) rows.set(row.id, row);
  return { meta, rows: [...rows.values()], all: true };
}

/** The list as the app asks it. */
export class List {
  constructor({ meta, rows }) {
    this.meta = meta;
    this.rows = rows;
    this.people = new People(rows);
    this.revoked = new Set(meta.revoked || []);
  }

  /** The same people under other particulars: nothing is built again. */
  under(meta) {
    this.meta = meta;
    this.revoked = new Set(meta.revoked || []);
    return this;
  }
}

export async function load(store) {
  const [meta, rows] = await Promise.all([store.get("snapshot"), store.get("people")]);
  if (!meta || !rows || meta.stamp !== rows.stamp) return null;
  const list = new List({ meta: meta.meta, rows: rows.rows });
  list.stamp = rows.stamp;
  return list;
}

/** Ask for what has changed (or everything), check it, keep it; returns the list to use from now on. */
export async function renew(server, store, device, list) {
  const since = list ? `?since=${list.meta.number}&lineage=${encodeURIComponent(list.meta.lineage)}` : "";
  const answer = await server.ask("GET", `/api/v1/doors/${device.door.id}/snapshot${since}`);
  const bytes = await answer.arrayBuffer();
  let next;
  try {
    next = await taken(bytes, answer.headers.get("Fugong-Signature"), device, list);
  } catch (error) {
    if (error.code !== "snapshot.gap") throw error;
    const again = await server.ask("GET", `/api/v1/doors/${device.door.id}/snapshot`);
    next = await taken(await again.arrayBuffer(), again.headers.get("Fugong-Signature"), device, list);
  }
  return keep(store, next, list);
}

async function keep(store, next, list) {
  const people = next.all ? stamp() : list.stamp;
  const changes = [["kept", "put", { stamp: people, meta: next.meta }, "snapshot"]];
  if (next.all) changes.push(["kept", "put", { stamp: people, rows: next.rows.map(bare) }, "people"]);
  await store.write(changes);
  const renewed = next.all ? new List(next) : list.under(next.meta);
  renewed.stamp = people;
  return renewed;
}

function stamp() { return `${Date.now()}-${Math.random()}`; }

function bare({ find, ...row }) { return row; }
