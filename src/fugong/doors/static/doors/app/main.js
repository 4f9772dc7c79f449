// The app begins: words, what the device keeps, then pairing or the door.

import { Clock } from "./clock.js";
import { Door } from "./door.js";
import { Guards } from "./guard.js";
import * as keys from "./keys.js";
import { Server } from "./server.js";
import * as snapshot from "./snapshot.js";
import * as store from "./store.js";
import { Sync } from "./sync.js";
import { Screen } from "./screen.js";
import * as words from "./words.js";

async function enrol(server, kept, code, name) {
  const pair = await keys.make();
  const body = JSON.stringify({ code, name, key: await keys.publicHalf(pair) });
  const said = await (await server.ask("POST", "/api/v1/devices/enrol", body)).json();
  const device = { id: said.device, door: said.door, lineage: said.lineage, enrolled: said.now, keys: said.keys, pair };
  await kept.put("device", device);
  return device;
}

function pairing(server, kept, screen) {
  return new Promise((done) => screen.show("pair", () => {
    const form = screen.at("form");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const trouble = form.querySelector("[data-trouble]");
      trouble.hidden = true;
      try {
        done(await enrol(server, kept, form.code.value.trim().toUpperCase(), form.elements.name.value.trim()));
      } catch (error) {
        trouble.textContent = error.detail || words.say("no_connection");
        trouble.hidden = false;
      }
    });
  }));
}

async function begin() {
  const kept = await store.open();
  await words.load(await kept.get("language"));
  const clock = new Clock(await kept.get("clock"));
  const server = new Server(clock);
  const screen = new Screen(kept);
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  const paired = (await kept.get("device")) || pairing(server, kept, screen);
  document.body.dataset.ready = "";
  const device = await paired;
  server.device = { id: device.id, pair: device.pair };
  const guards = new Guards(kept, clock);
  await guards.load();
  const door = new Door({ store: kept, clock, device, guards });
  await door.load();
  door.list = await snapshot.load(kept);
  const sync = new Sync({ server, store: kept, door });
  screen.open(door, sync);
  sync.start();
  window.setInterval(() => kept.put("clock", (clock.look(), clock.kept())).catch(() => {}), 30000);
}

if (navigator.serviceWorker) {
  navigator.serviceWorker.register(document.body.dataset.worker, { scope: document.body.dataset.scope, updateViaCache: "none" })
    .catch(() => {});
}
begin();
