// Who keeps the door: a guard signs in with a PIN, compared with the salted, slow digest that the list has of it. Offline too.

import * as base64 from "./base64.js";
import { uuid7 } from "../../fugong/offline/ids.js";

const TRIES = 5;
const PAUSE = 60; // seconds after so many wrong ones

async function digest(pin, salt, iterations) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: base64.decode(salt), iterations }, key, 256);
}

export class Guards {
  constructor(store, clock) {
    this.store = store;
    this.clock = clock;
    this.current = null; // {id, name}
  }

  /** Who may sign in, by the list. */
  of(list) { return (list && list.meta.guards) || []; }

  async load() { this.current = (await this.store.get("guard")) || null; }

  /** Seconds until another PIN may be tried. */
  async pause() {
    const wrong = await this.store.get("wrong");
    return wrong && wrong.tries >= TRIES ? Math.max(0, wrong.at + PAUSE - this.clock.now()) : 0;
  }

  /** Whether the PIN is right; then the guard keeps the door from now on, and whoever did so before is signed off. */
  async signIn(guard, pin) {
    if (await this.pause()) return false;
    const same = base64.encode(await digest(pin, guard.salt, guard.iterations)) === guard.pin;
    if (!same) {
      const wrong = (await this.store.get("wrong")) || { tries: 0 };
      const tries = wrong.tries >= TRIES ? 1 : wrong.tries + 1;
      await this.store.put("wrong", { tries, at: this.clock.now() });
      return false;
    }
    const next = { id: guard.id, name: guard.name };
    await this.store.write([
      ...this.off(), ["waiting", "put", this.shift(next.id, "in")], ["kept", "put", next, "guard"], ["kept", "delete", "wrong"],
    ]);
    this.current = next;
    return true;
  }

  async signOff() {
    await this.store.write([...this.off(), ["kept", "delete", "guard"]]);
    this.current = null;
  }

  /** Somebody who is on the list of guards no more keeps no door. */
  async compare(list) {
    if (this.current && !this.of(list).some((one) => one.id === this.current.id)) await this.signOff();
  }

  off() { return this.current ? [["waiting", "put", this.shift(this.current.id, "out")]] : []; }

  shift(guard, direction) { return { id: uuid7(), kind: "shift", guard, direction, at: this.clock.now() }; }
}
