// Keeping a door up with the server: its rows go out, its list comes in.

import { Sync as Common } from "../../fugong/offline/sync.js";
import * as outbox from "./outbox.js";
import * as snapshot from "./snapshot.js";

const PATIENCE = 5000; // milliseconds that somebody waits for the server before what is here has to do
const REVOKED = ["device.revoked", "device.unknown"];

export class Sync extends Common {
  constructor({ server, store, door }) {
    super("fugong-door-sync");
    Object.assign(this, { server, store, door, trouble: "" });
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

  /** Look at the server now; whether it was there. */
  async look() {
    const turned = new Promise((done) => { this.addEventListener("turned", () => done(true), { once: true }); });
    const late = new Promise((done) => { setTimeout(() => done(false), PATIENCE); });
    if (!this.running) { clearTimeout(this.timer); this.turn(); }
    return await Promise.race([turned, late]) && this.online;
  }

  failed(error) {
    super.failed(error);
    if (error instanceof snapshot.Untrusted) this.online = true;
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
