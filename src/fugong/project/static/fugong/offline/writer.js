// Who writes: a worker, which says by a broadcast that it has. After a tap Chromium draws a frame before it hands a page its
// answers from the disk, or a worker's messages: ten milliseconds before the colour. A broadcast comes through at once.

import { uuid7 } from "./ids.js";
import { write } from "./writing.js";

export class Writer {
  constructor(database) {
    this.database = database;
    this.waiting = new Map(); // number → {changes, done, failed}
    this.number = 0;
    const { name, version } = database;
    const channel = `${name}-${uuid7()}`; // another window's writer has another one
    this.told = new BroadcastChannel(channel);
    this.told.addEventListener("message", ({ data }) => this.settle(data));
    this.worker = new Worker(new URL("./storing.js", import.meta.url), {
      type: "module", name: JSON.stringify({ name, version, channel }),
    });
    this.worker.addEventListener("error", () => this.alone());
  }

  /** As `writing.write`. */
  write(changes) {
    if (!this.worker) return write(this.database, changes);
    const number = this.number += 1;
    return new Promise((done, failed) => {
      this.waiting.set(number, { changes, done, failed });
      this.worker.postMessage({ number, changes });
    });
  }

  settle({ number, error, closed }) {
    if (closed) { location.reload(); return; } // the browser closed its database: nothing could be kept from here on
    const { done, failed } = this.waiting.get(number);
    this.waiting.delete(number);
    if (error) failed(new DOMException(error.message, error.name)); else done();
  }

  /** Without a worker the page writes by itself; what the worker was given, again: a row is stored once by its id. */
  alone() {
    this.worker = null;
    for (const { changes, done, failed } of this.waiting.values()) write(this.database, changes).then(done, failed);
    this.waiting.clear();
  }
}
