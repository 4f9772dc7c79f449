// Keeping up with the server: what waits goes out, what has changed comes in; after failures later and later.

import { PAUSES } from "./outbox.js";

const EVERY = 60; // seconds between two looks at the server when all is well

/** Below this class: `once()` looks at the server; `failed(error)` may be more than counting. */
export class Sync extends EventTarget {
  /** `lock`: its name; one window at a time looks at the server. */
  constructor(lock) {
    super();
    Object.assign(this, { lock, failures: 0, online: false, timer: 0 });
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
      await navigator.locks.request(this.lock, () => this.once());
      this.failures = 0;
    } catch (error) {
      this.failed(error);
    }
    this.running = false;
    this.dispatchEvent(new Event("turned"));
    const pause = this.failures ? PAUSES[Math.min(this.failures, PAUSES.length) - 1] : EVERY;
    this.soon(this.more && !this.failures ? 0 : pause * (0.75 + Math.random() / 2));
  }

  /** The server couldn't be reached, is troubled, or refused: it counts as reached unless it is troubled. */
  failed(error) {
    this.failures += 1;
    this.online = error.code !== undefined && error.status !== undefined && error.status < 500;
  }
}
