// The worker that writes for the page (writer.js); its name says which database, and where it is listened to.

import { openDB } from "../../vendor/idb-8.0.4/index.js";
import { write } from "./writing.js";

const { name, version, channel } = JSON.parse(self.name);
const told = new BroadcastChannel(channel);
const opened = openDB(name, version, {
  async blocking() { (await opened).close(); told.postMessage({ closed: true }); },
  terminated() { told.postMessage({ closed: true }); },
});

self.addEventListener("message", async ({ data: { number, changes } }) => {
  try {
    await write(await opened, changes);
    told.postMessage({ number });
  } catch (error) {
    told.postMessage({ number, error: { name: error.name, message: error.message } });
  }
});
