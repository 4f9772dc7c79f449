// The app begins: words, what the device keeps, then pairing or the door.

import { alone, instead } from "../../fugong/offline/alone.js";
import { Clock } from "../../fugong/offline/clock.js";
import { Door } from "./door.js";
import { Guards } from "./guard.js";
import * as keys from "./keys.js";
import { Renewal } from "../../fugong/offline/renewal.js";
import { Refusal, Server } from "./server.js";
import * as snapshot from "./snapshot.js";
import * as store from "./store.js";
import { Sync } from "./sync.js";
import { Screen } from "./screen.js";
import * as words from "./words.js";

const KEEPER = "fugong-door-keeper"; // one window keeps the door: another wouldn't know what it has refused
const EVERY = 30000; // milliseconds between two looks at the clock

/** `before`: the device as it was; what waits on it belongs to its door. */
async function enrol(server, kept, code, name, before) {
  const pair = await keys.make();
  const body = JSON.stringify({ code, name, key: await keys.publicHalf(pair) });
  const said = await (await server.ask("POST", "/api/v1/devices/enrol", body)).json();
  const device = {
    id: said.device, name, door: said.door, lineage: said.lineage, enrolled: said.now, keys: said.keys, pair,
  };
  if (before && before.door.id !== device.door.id) {
    if (kept.counts.waiting) throw new Refusal(409, "pair_other", words.say("pair_other", { count: kept.counts.waiting }));
    for (const part of ["inside", "seconds", "blocked", "trips", "visits"]) await kept.clear(part);
    for (const name of ["snapshot", "people", "guard", "trip"]) await kept.remove(name);
  }
  await kept.write([["kept", "put", device, "device"], ["kept", "delete", "revoked"]]);
  return device;
}

/** The code of the picture that was scanned to come here, once: it stands in no address, history or log afterwards. */
function scanned() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code") || "";
  if (location.hash) history.replaceState(null, "", location.pathname);
  return code;
}

function pairing(server, kept, screen, given, before = null) {
  return new Promise((done) => screen.show("pair", () => {
    const form = screen.at("form"), { code, name } = form.elements, trouble = form.querySelector("[data-trouble]");
    const say = (text) => { trouble.textContent = text; trouble.hidden = !text; };
    screen.at("[data-do=more]").hidden = !before;
    if (given) { code.value = given; name.focus(); }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      say("");
      const typed = code.value.trim();
      if (!typed) { say(words.say("code_missing")); code.focus(); return; }
      try {
        done(await enrol(server, kept, typed.toUpperCase(), name.value.trim(), before));
      } catch (error) {
        say(error.detail || words.say("no_connection"));
      }
    });
  }));
}

/** Wait until this window keeps the door. `lost` is called when another one takes it over. */
async function keeping(screen, lost) {
  if (!navigator.locks || await alone(KEEPER, lost)) return;
  await new Promise((done) => screen.show("elsewhere", () => {
    screen.at("[data-here]").addEventListener("click", async () => { if (await instead(KEEPER, lost)) done(); });
  }));
}

async function begin(screen, kept) {
  const clock = new Clock(await kept.get("clock"), () => kept.put("clock", clock.kept()).catch(() => {}));
  const server = new Server(clock);
  await keeping(screen, () => location.reload());
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
  const code = scanned();
  const paired = (await kept.get("device")) || pairing(server, kept, screen, code);
  document.body.dataset.ready = "";
  const device = await paired;
  server.device = { id: device.id, pair: device.pair };
  const guards = new Guards(kept, clock);
  await guards.load();
  const door = new Door({ store: kept, clock, device, guards });
  await door.load();
  door.list = await snapshot.load(kept);
  const sync = new Sync({ server, store: kept, door });
  screen.pair = () => pairing(server, kept, screen, "", device).then(() => location.reload());
  screen.open(door, sync);
  sync.start();
  window.setInterval(() => { clock.look(); kept.put("clock", clock.kept()).catch(() => screen.failed()); }, EVERY);
}

async function start() {
  const renewal = new Renewal();
  renewal.start();
  let screen = null;
  try {
    const kept = await store.open();
    await words.load(await kept.get("language"));
    screen = new Screen(kept);
    screen.renewal = renewal;
    await begin(screen, kept);
  } catch (error) {
    if (!screen) await words.load(null).catch(() => {});
    (screen || new Screen(null)).show("broken");
    throw error;
  }
}

start();
