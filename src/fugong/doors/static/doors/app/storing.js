// The worker that writes for the page (writer.js).

import { openDB } from "../../vendor/idb-8.0.4/index.js";
import { NAME, VERSION, write } from "./writing.js";

const told = new BroadcastChannel(self.name);
const opened = openDB(NAME, VERSION, {
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
