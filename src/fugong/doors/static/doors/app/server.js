// Asking the server as a device: signed. After a refusal for a wrong clock, which is right by then, the request is sent once more.

import * as common from "../../fugong/offline/server.js";
import * as keys from "./keys.js";

export { Refusal } from "../../fugong/offline/server.js";

export class Server extends common.Server {
  device = null; // {id, pair} once enrolled

  async headers(method, address, body) {
    if (!this.device) return {};
    const { id, pair } = this.device;
    return { Authorization: await keys.authorization(id, pair, method, address, this.clock.now(), body) };
  }

  async again(answer) {
    if (answer.status !== 401 || !this.device) return false;
    const problem = await answer.clone().json().catch(() => ({}));
    return problem.code !== "device.revoked";
  }
}
