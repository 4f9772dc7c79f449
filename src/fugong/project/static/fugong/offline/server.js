// Asking the server, with its time taken from every answer. Who asks is said by the headers of a class below this one.

const PATIENCE = 30000; // milliseconds

export class Refusal extends Error {
  constructor(status, code, detail) {
    super(code || String(status));
    Object.assign(this, { status, code, detail });
  }
}

export class Server {
  /** `credentials`: whether the browser's cookies go along ("same-origin"), or not ("omit"). */
  constructor(clock, credentials = "omit") { Object.assign(this, { clock, credentials }); }

  /** More headers for a request. */
  async headers(method, address, body) { return {}; }

  /** Whether a request that was refused is worth sending once more. */
  async again(answer) { return false; }

  async ask(method, address, body, type) {
    let answer = await this.once(method, address, body, type);
    if (!answer.ok && await this.again(answer)) answer = await this.once(method, address, body, type);
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw new Refusal(answer.status, problem.code, problem.detail || problem.title);
  }

  async once(method, address, body, type) {
    const headers = { Accept: "application/json", ...await this.headers(method, address, body) };
    if (body !== undefined) headers["Content-Type"] = type || "application/json";
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(), PATIENCE);
    const asked = performance.now();
    try {
      const answer = await fetch(address, {
        method, headers, body, credentials: this.credentials, cache: "no-store", redirect: "error", signal: ending.signal,
      });
      const now = answer.headers.get("Fugong-Now");
      if (now !== null) this.clock.contact(Number(now), asked, performance.now());
      return answer;
    } finally {
      clearTimeout(timer);
    }
  }
}
