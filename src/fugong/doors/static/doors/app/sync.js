// Keeping up with the server: what waits goes out, what has changed comes in; after failures later and later.

import * as outbox from "./outbox.js";
import * as snapshot from "./snapshot.js";

const REVOKED = ["device.revoked", "device.unknown"];
const EVERY = 60; // seconds between two looks at the server when all is well

export class Sync extends EventTarget {
  constructor({ server, store, door }) {
    super();
    Object.assign(this, { server, store, door, failures: 0, online: false, trouble: "", timer: 0 });
  }

  start() {
    window.addEventListener("online", () => this.soon(0));
    window.addEventListener("offline", () => { this.online = false; });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(0); });
    this.soon(0);
  }

  /** Look at the server in so many seconds, or sooner if that was planned. */
  soon(seconds) {
    const due = performance.now() + seconds * 1000;
    if (this.timer && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => this.turn(), seconds * 1000);
  }

  /** Something waits: it goes out at once, but a troubled server is not asked more often for it. */
  changed() { if (!this.failures) this.soon(1); }

  async turn() {
    this.timer = 0;
    this.more = this.running;
    if (this.running) return;
    this.running = true;
    try {
      await navigator.locks.request("fugong-door-sync", () => this.once());
      this.failures = 0;
    } catch (error) {
      this.failed(error);
    }
    this.running = false;
    this.dispatchEvent(new Event("turned"));
    const pauses = outbox.PAUSES;
    const pause = this.failures ? pauses[Math.min(this.failures, pauses.length) - 1] : EVERY;
    this.soon(this.more && !this.failures ? 0 : pause * (0.75 + Math.random() / 2));
  }

  async once() {
    const { server, store, door } = this;
    const sent = () => { this.online = true; };
    await outbox.send(server, store, door.device.door.id, sent);
    sent();
    const before = door.list && door.list.meta.lineage;
    door.list = await snapshot.renew(server, store, door.device, door.list);
    if (before && before !== door.list.meta.lineage) {
      await outbox.again(store);
      await outbox.send(server, store, door.device.door.id, sent);
    }
    this.trouble = "";
    await this.revoke(false);
    await outbox.lift(store, door.list);
    await door.reloadBlocked();
    await door.guards.compare(door.list);
  }

  failed(error) {
    this.failures += 1;
    this.online = error.code !== undefined && error.status !== undefined ? error.status < 500 : error instanceof snapshot.Untrusted;
    this.trouble = error instanceof snapshot.Untrusted ? error.code : "";
    if (REVOKED.includes(error.code)) this.revoke(true);
  }

  /** Whether the server knows this device no more is remembered: nothing that it shows would count. */
  async revoke(revoked) {
    if (this.door.revoked === revoked) return;
    this.door.revoked = revoked;
    await this.store.put("revoked", revoked).catch(() => {});
  }
}
