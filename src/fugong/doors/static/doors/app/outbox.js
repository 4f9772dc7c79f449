// What waits for the server, and sending it: in order, at most 500 rows a request, again until it is confirmed. A row has its id
// from the moment it was made, so that sending it twice stores it once.

import { Refusal } from "./server.js";

const MOST = 500;
let most = MOST; // fewer after a failure: a troubled server gets smaller requests
const DONE = ["stored", "already"];
export const PAUSES = [2, 4, 8, 15, 30, 60]; // seconds after a failure

/** Send what waits; `confirmed` is called after each request that was answered. Resolves with how many were confirmed; throws when the server can't be reached or is troubled. */
export async function send(server, store, door, confirmed) {
  let sent = 0;
  for (;;) {
    const batch = await store.waiting(most);
    if (!batch.length) return sent;
    const rows = batch.map((one) => one.row);
    const { number, rows: said } = await asked(server, `/api/v1/doors/${door}/checks`, rows);
    if (!Array.isArray(said) || said.length !== rows.length) throw new Refusal(502, "not_understood", "");
    await settle(store, batch, said, number);
    sent += batch.length;
    confirmed();
  }
}

async function asked(server, address, rows) {
  try {
    const answer = await (await server.ask("POST", address, JSON.stringify(rows))).json();
    most = MOST;
    return answer;
  } catch (error) {
    if (error.status !== 401 && error.status !== 429) most = Math.max(1, Math.ceil(most / 2));
    throw error;
  }
}

/** What the server said of each row: confirmed ones are let go, refused ones kept apart, neither is sent again. */
async function settle(store, batch, said, number) {
  const changes = [];
  const stored = new Set();
  batch.forEach(({ key, row }, i) => {
    const one = said[i];
    if (DONE.includes(one.status)) stored.add(row.id);
    else if (one.status === "refused") changes.push(["refused", "put", { id: row.id, row, problem: one.problem || {} }]);
    else return;
    changes.push(["waiting", "delete", key]);
  });
  if (!changes.length) throw new Refusal(502, "not_understood", "");
  for (const [worker, block] of await store.entries("blocked")) {
    if (stored.has(block.check)) changes.push(["blocked", "put", { ...block, number }, worker]);
  }
  await store.write(changes);
}

/** Refusals on the spot that this list has taken into account are lifted. Returns whose. */
export async function lift(store, list) {
  const changes = [];
  for (const [worker, block] of await store.entries("blocked")) {
    if (block.number !== null && list.meta.number >= block.number) changes.push(["blocked", "delete", worker]);
  }
  if (changes.length) await store.write(changes);
  return changes.map((change) => change[2]);
}

/** Another lineage numbers otherwise, and may have lost what was confirmed: refusals on the spot are told once more. */
export async function again(store) {
  const changes = [];
  for (const [worker, block] of await store.entries("blocked")) {
    if (block.number === null || !block.row) continue; // it waits, or was refused
    changes.push(["waiting", "put", block.row], ["blocked", "put", { ...block, number: null }, worker]);
  }
  if (changes.length) await store.write(changes);
}

/** A refused row that a guard has seen: let it go, and the refusal on the spot that hung on it. */
export async function dismiss(store, id) {
  const changes = [["refused", "delete", id]];
  for (const [worker, block] of await store.entries("blocked")) {
    if (block.check === id) changes.push(["blocked", "delete", worker]);
  }
  await store.write(changes);
}
