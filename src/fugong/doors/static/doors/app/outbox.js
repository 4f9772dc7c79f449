// What a door does besides sending (fugong/offline/outbox.js): refusals on the spot, until a list has taken them into account.

import * as outbox from "../../fugong/offline/outbox.js";

/** Send what waits at a door. */
export function send(server, store, door, confirmed) {
  const also = async (stored, { number, rows }) => {
    const changes = (await store.entries("blocked"))
      .filter(([, block]) => stored.has(block.check)).map(([worker, block]) => ["blocked", "put", { ...block, number }, worker]);
    const refused = new Set(rows.filter((one) => one.status === "refused").map((one) => one.id));
    for (const [id, { row }] of await store.entries("trips")) {
      if (stored.has(id)) changes.push(["trips", "put", { row, number }, id]);
      else if (refused.has(id)) changes.push(["trips", "delete", id]); // it stands among what the server refused
    }
    return changes;
  };
  return outbox.send(server, store, `/api/v1/doors/${door}/checks`, { confirmed, also });
}

/** Refusals on the spot that this list has taken into account are lifted, and what was done of trips is the list's by now. Returns whose. */
export async function lift(store, list) {
  const changes = [];
  for (const [worker, block] of await store.entries("blocked")) {
    if (block.number !== null && list.meta.number >= block.number) changes.push(["blocked", "delete", worker]);
  }
  for (const [id, { number }] of await store.entries("trips")) {
    if (number !== null && list.meta.number >= number) changes.push(["trips", "delete", id]);
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
