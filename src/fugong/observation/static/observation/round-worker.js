// The service worker of one site's round: it opens the page when there is no network. The page with its names and latest
// temperatures, and the files that it is made of, are kept for half a day at most; signing out, and a server that says that
// nobody is signed in, delete them. What was measured isn't here: that lies in the page's own outbox.

const PAGE = new URL(self.registration.scope).pathname;
const CACHE = `fugong-round-${PAGE}`;
const HALF_A_DAY = 12 * 3600 * 1000; // until the next round, which may have other people
const PATIENCE = 4000; // so long (ms) the network may be silent before the kept page is shown
const TOGETHER = 60000; // files that a kept page asks for within so many ms come with it
const AT = "x-kept-at";

let dark = 0; // when a kept page was shown last

async function put(address, answer) {
  const headers = new Headers(answer.headers);
  headers.set(AT, String(Date.now()));
  const body = await answer.blob();
  await (await caches.open(CACHE)).put(address, new Response(body, { status: 200, headers }));
}

async function kept(address) {
  const found = await (await caches.open(CACHE)).match(address, { ignoreVary: true });
  if (!found || address !== PAGE || Date.now() - Number(found.headers.get(AT)) < HALF_A_DAY) return found;
  await caches.delete(CACHE);
  return undefined;
}

async function opened(event) {
  try {
    const answer = await fetch(event.request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 403 || answer.status === 404) await caches.delete(CACHE);
    else if (answer.ok) event.waitUntil(put(PAGE, answer.clone()));
    if (answer.status < 500) return answer;
    return (await kept(PAGE)) || answer;
  } catch (problem) {
    const page = await kept(PAGE);
    if (!page) throw problem;
    dark = Date.now();
    return page;
  }
}

async function part(request) {
  const address = new URL(request.url).pathname;
  if (Date.now() - dark < TOGETHER) {
    const found = await kept(address);
    if (found) return found;
  }
  try {
    return await fetch(request);
  } catch (problem) {
    const found = await kept(address);
    if (!found) throw problem;
    return found;
  }
}

// What the page is made of, as the page itself says: that is kept, and what was kept of an older version goes.
async function take(files) {
  const cache = await caches.open(CACHE);
  const wanted = new Set([PAGE, ...files]);
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
  for (const address of files) {
    if (await cache.match(address, { ignoreVary: true })) continue;
    const answer = await fetch(address);
    if (answer.ok) await put(address, answer);
  }
  if (!(await cache.match(PAGE, { ignoreVary: true }))) {
    const answer = await fetch(PAGE, { redirect: "manual" });
    if (answer.ok) await put(PAGE, answer);
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  const done = take(event.data.files).then(() => "kept", () => "not kept");
  event.waitUntil(done.then((word) => event.ports[0]?.postMessage(word)));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (address.pathname === PAGE) event.respondWith(opened(event));
  } else if (!address.pathname.startsWith(PAGE)) event.respondWith(part(request));
});
