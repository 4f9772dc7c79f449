// A new version of the app waits until somebody takes it over; nothing changes by itself while somebody works with it.

const EVERY = 3600000; // milliseconds between two looks for a new version

export class Renewal {
  constructor() { Object.assign(this, { waits: false, taking: false, registration: null }); }

  async start() {
    const workers = navigator.serviceWorker;
    if (!workers) return;
    const { worker, scope } = document.body.dataset;
    workers.addEventListener("controllerchange", () => { if (this.taking) location.reload(); });
    try {
      this.registration = await workers.register(worker, { scope, updateViaCache: "none" });
    } catch (error) {
      return; // no connection: the version that is kept goes on
    }
    if (!this.registration) return;
    this.look();
    this.registration.addEventListener("updatefound", () => {
      const coming = this.registration.installing;
      if (coming) coming.addEventListener("statechange", () => this.look());
    });
    window.setInterval(() => this.registration.update().catch(() => {}), EVERY);
  }

  look() { this.waits = Boolean(this.registration.waiting && navigator.serviceWorker.controller); }

  take() {
    const { waiting } = this.registration || {};
    if (!waiting) return;
    this.taking = true;
    waiting.postMessage("take over");
  }
}
