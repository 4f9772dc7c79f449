// Asking the server as whoever is signed in; each request says whose records it carries.

import * as common from "../../fugong/offline/server.js";

export class Server extends common.Server {
  member = ""; // who wrote down what waits

  constructor(clock) { super(clock, "same-origin"); }

  async headers() {
    const token = document.cookie.split("; ").find((one) => one.startsWith("csrftoken="));
    const headers = { "X-CSRFToken": token ? token.slice("csrftoken=".length) : "" };
    if (this.member) headers["Fugong-Member"] = this.member;
    return headers;
  }
}
