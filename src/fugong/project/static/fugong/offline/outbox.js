// What waits for the server, and sending it: in order, at most 500 rows a request, again until it is confirmed. A row has its id
// from the moment it was made, so that sending it twice stores it once.

import { Refusal } from "./server.js";

const MOST = 500;
let most = MOST; // fewer after a failure: a troubled server gets smaller requests
const DONE = ["stored", "already"];
export const PAUSES = [2, 4, 8, 15, 30, 60]; // seconds after a failure

/**
 * Send what waits to an address, as a JSON array; the answer's `rows` say of each: stored, already, or refused with a problem.
 * `confirmed` is called after each request that was answered; `also(stored, answer)` gives more changes to write with what was
 * said, where `stored` are the ids of the rows that the server has. Resolves with how many rows were answered; throws when the
 * server can't be reached or is troubled.
 */
export async function send(server, store, address, { confirmed = () => {}, also = async () => [] } = {}) {
  let sent = 0;
  for (;;) {
    const batch = await store.waiting(most);
    if (!batch.length) return sent;
    const answer = await asked(server, address, batch.map((one) => one.row));
    if (!Array.isArray(answer.rows) || answer.rows.length !== batch.length) throw new Refusal(502, "not_understood", "");
    await settle(store, batch, answer, also);
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
async function settle(store, batch, answer, also) {
  const changes = [];
  const stored = new Set();
  batch.forEach(({ key, row }, i) => {
    const one = answer.rows[i];
    if (DONE.includes(one.status)) stored.add(row.id);
    else if (one.status === "refused") changes.push(["refused", "put", { id: row.id, row, problem: one.problem || {} }]);
    else return;
    changes.push(["waiting", "delete", key]);
  });
  if (!changes.length) throw new Refusal(502, "not_understood", "");
  await store.write([...changes, ...await also(stored, answer)]);
}

/**
 * Send what lies in a part as files: each `{id, blob, …}` by itself, to the address that `address` gives for it. Its answer's `rows` has
 * one row, as above. A file is let go once it is confirmed or refused.
 */
export async function sendFiles(server, store, part, address, confirmed = () => {}) {
  for (const key of await store.keys(part)) {
    const { blob, ...row } = await store.one(part, key);
    const answer = await (await server.ask("POST", address(row), await blob.arrayBuffer(), blob.type)).json();
    const [one] = Array.isArray(answer.rows) ? answer.rows : [];
    if (!one || ![...DONE, "refused"].includes(one.status)) throw new Refusal(502, "not_understood", "");
    const changes = [[part, "delete", key]];
    if (one.status === "refused") changes.push(["refused", "put", { id: row.id, row, problem: one.problem || {} }]);
    await store.write(changes);
    confirmed();
  }
}
