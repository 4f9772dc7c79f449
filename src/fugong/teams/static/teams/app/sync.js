// Keeping the visits up with the server: rows go out, then pictures, then the day comes in.

import * as outbox from "../../fugong/offline/outbox.js";
import { Sync as Common } from "../../fugong/offline/sync.js";

export class Sync extends Common {
  constructor({ server, store, screen }) {
    super("fugong-visits-sync");
    Object.assign(this, { server, store, screen, trouble: "" });
  }

  async once() {
    const { server, store } = this;
    const before = await store.get("day");
    server.member = before ? before.member : "";
    const confirmed = () => { this.online = true; };
    await outbox.send(server, store, "/api/v1/visits/rows", { confirmed });
    await outbox.sendFiles(server, store, "pictures", address, confirmed);
    server.member = "";
    const day = await (await server.ask("GET", "/api/v1/visits/day")).json();
    this.online = true;
    await this.take(day);
    this.trouble = day.team ? "" : "not_member";
    await this.screen.renew();
  }

  /**
   * The new day, and of what was written down what belongs to it, what isn't finished (a visit may go on past midnight, or be
   * dropped from the plan while it is made) and what still waits. What another member began stays for them, unseen.
   */
  async take(day) {
    const changes = [["kept", "put", day, "day"]];
    const listed = new Set(day.visits.map((visit) => visit.id));
    const waits = new Set((await this.store.all("waiting")).map((row) => row.visit));
    for (const sheet of await this.store.all("sheets")) {
      const mine = !sheet.member || sheet.member === day.member;
      const unfinished = sheet.begun > 0 && !sheet.ended;
      if (!unfinished && !(mine && listed.has(sheet.visit)) && !waits.has(sheet.visit)) changes.push(["sheets", "delete", sheet.visit]);
    }
    await this.store.write(changes);
  }

  failed(error) {
    super.failed(error);
    if (error.status === 401 || error.status === 403) this.trouble = "sign_in";
    else if (error.status === 409) this.trouble = "other_member";
    this.screen.tell();
  }
}

function address({ id, visit, kind, at, problem }) {
  const said = new URLSearchParams({ id, visit, kind, at, ...(problem ? { problem } : {}) });
  return `/api/v1/visits/pictures?${said}`;
}
