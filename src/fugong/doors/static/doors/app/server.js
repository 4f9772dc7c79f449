// Asking the server: signed, with its time taken from every answer; a wrong clock is corrected and the request sent once more.

import * as keys from "./keys.js";

const PATIENCE = 30000; // milliseconds

export class Refusal extends Error {
  constructor(status, code, detail) {
    super(code || String(status));
    Object.assign(this, { status, code, detail });
  }
}

export class Server {
  constructor(clock) {
    this.clock = clock;
    this.device = null; // {id, pair} once enrolled
  }

  async ask(method, address, body, type) {
    let answer = await this.once(method, address, body, type);
    if (answer.status === 401 && this.device) {
      const problem = await answer.clone().json().catch(() => ({}));
      if (problem.code !== "device.revoked") answer = await this.once(method, address, body, type); // the clock is right now
    }
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw new Refusal(answer.status, problem.code, problem.detail || problem.title);
  }

  async once(method, address, body, type) {
    const headers = { Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = type || "application/json";
    if (this.device) {
      const { id, pair } = this.device;
      headers.Authorization = await keys.authorization(id, pair, method, address, this.clock.now(), body);
    }
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), PATIENCE);
    const asked = performance.now();
    try {
      const answer = await fetch(address, {
        method, headers, body, credentials: "omit", cache: "no-store", redirect: "error", signal: ending.signal,
      });
      const now = answer.headers.get("Fugong-Now");
      if (now !== null) this.clock.contact(Number(now), asked, performance.now());
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }
}
