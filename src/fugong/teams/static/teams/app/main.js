// The visit sheet begins: words, what the phone keeps, then the day.

import { alone, instead } from "../../fugong/offline/alone.js";
import { Clock } from "../../fugong/offline/clock.js";
import { Renewal } from "../../fugong/offline/renewal.js";
import * as store from "../../fugong/offline/store.js";
import * as words from "../../fugong/offline/words.js";
import { Screen } from "./screen.js";
import { Server } from "./server.js";
import { Sync } from "./sync.js";

const KEEPER = "fugong-visits-keeper";
const VERSION = 1;
const OWN = {
  sheets: { keyPath: "visit" }, // what was written down on each visit: shown again when the page is opened again
  pictures: { keyPath: "id" }, // photos and signatures that the server hasn't confirmed
};

async function keeping(screen, lost) {
  if (!navigator.locks || await alone(KEEPER, lost)) return;
  await new Promise((done) => screen.show("elsewhere", (at) => {
    at("[data-here]").addEventListener("click", async () => { if (await instead(KEEPER, lost)) done(); });
  }));
}

async function start() {
  const renewal = new Renewal();
  renewal.start();
  const screen = new Screen(renewal);
  try {
    const kept = await store.open("fugong-visits", VERSION, OWN);
    await words.load(await kept.get("language"));
    await keeping(screen, () => location.reload());
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    const clock = new Clock(await kept.get("clock"), () => kept.put("clock", clock.kept()).catch(() => {}));
    const server = new Server(clock);
    const sync = new Sync({ server, store: kept, screen });
    await screen.open({ store: kept, clock, sync });
    document.body.dataset.ready = "";
    sync.start();
  } catch (error) {
    await words.load(null).catch(() => {});
    screen.show("broken");
    throw error;
  }
}

start();
