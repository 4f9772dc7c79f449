// What a device keeps, in IndexedDB. Whatever an act changes is written in one transaction with strict durability: it is on
// the disk before the page says so.

import { openDB } from "../../vendor/idb-8.0.4/index.js";
import { Writer } from "./writer.js";

const COUNTED = ["waiting", "refused"];

/**
 * Open a database with the parts that every app has ("kept": by name; "waiting": rows that the server hasn't confirmed, in their
 * order; "refused": rows that it will never take, by their id) and the app's own: {part: options of its object store}.
 */
export async function open(name, version, own) {
  const parts = { kept: {}, waiting: { autoIncrement: true }, refused: { keyPath: "id" }, ...own };
  const database = await openDB(name, version, {
    upgrade(db) {
      for (const [part, options] of Object.entries(parts)) if (!db.objectStoreNames.contains(part)) db.createObjectStore(part, options);
    },
    blocking() { database.close(); location.reload(); },
    terminated() { location.reload(); }, // the browser closed it: nothing could be kept from here on
  });
  const counts = {};
  for (const part of COUNTED) counts[part] = await database.count(part);
  return new Store(database, counts, new Writer(database));
}

export class Store {
  /** `counts`: how many rows lie in the parts that are shown all the time; counting them anew would keep a check waiting. */
  constructor(database, counts, writer) { Object.assign(this, { database, counts, writer }); }

  get(key) { return this.database.get("kept", key); }

  put(key, value) { return this.database.put("kept", value, key); }

  remove(key) { return this.database.delete("kept", key); }

  clear(part) { return this.database.clear(part); }

  all(part) { return this.database.getAll(part); }

  keys(part) { return this.database.getAllKeys(part); }

  one(part, key) { return this.database.get(part, key); }

  async entries(part) {
    const [keys, values] = await Promise.all([this.database.getAllKeys(part), this.database.getAll(part)]);
    return keys.map((key, i) => [key, values[i]]);
  }

  /** The first rows that wait, with their keys. */
  async waiting(most) {
    const transaction = this.database.transaction("waiting");
    const [keys, rows] = await Promise.all([
      transaction.store.getAllKeys(null, most), transaction.store.getAll(null, most), transaction.done,
    ]);
    return rows.map((row, i) => ({ key: keys[i], row }));
  }

  /**
   * Write several things at once: [[part, "put", value, key] | [part, "delete", key], …]. Resolves when they are on the disk;
   * rejects when they can't be (a full disk), and then none of them was written.
   */
  async write(changes) {
    await this.writer.write(changes);
    this.counted(changes);
  }

  counted(changes) {
    for (const [part, how, value, key] of changes) {
      if (!COUNTED.includes(part)) continue;
      if (how === "delete") this.counts[part] -= 1;
      else if (key === undefined) this.counts[part] += 1; // a row is put there once: it gets its place in line, or its own id is its key
    }
  }
}
