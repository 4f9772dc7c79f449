// The service worker of an app that a browser keeps; the server (base/offline.py) puts MINE (how the names of its caches begin),
// VERSION, FILES (address → hash) and PAGE before it. A version is kept whole or not at all: the one before goes on until every
// file of the new one is there with its hash. What is said to the server isn't touched.

const CACHE = MINE + VERSION;

async function whole() {
  const cache = await caches.open(CACHE);
  await Promise.all(Object.entries(FILES).map(async ([address, integrity]) => {
    const answer = await fetch(address, { integrity, cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }));
}

async function others() {
  for (const name of await caches.keys()) if (name.startsWith(MINE) && name !== CACHE) await caches.delete(name);
}

async function kept(address, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address, { ignoreVary: true })) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(whole()));
self.addEventListener("activate", (event) => event.waitUntil(others().then(() => self.clients.claim())));
self.addEventListener("message", (event) => { if (event.data === "take over") self.skipWaiting(); });
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url).pathname;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(kept(PAGE, request));
  else if (address in FILES) event.respondWith(kept(address, request));
});
