// Keeps this page for the time without a network: registers the round's service worker and tells it what the page is made of.

const MOST = 30000;

/** Have the page kept by the service worker at an address. Resolves to whether it can be opened offline. */
export async function keepPage(address) {
  if (!("serviceWorker" in navigator)) return false;
  try {
    const registration = await navigator.serviceWorker.register(address);
    const worker = registration.active || (await ready(registration));
    const loaded = performance.getEntriesByType("resource").map((one) => new URL(one.name));
    const files = loaded.filter((one) => one.origin === location.origin && !one.pathname.startsWith(location.pathname)).map((one) => one.pathname);
    return (await asked(worker, { files: [...new Set(files)] })) === "kept";
  } catch {
    return false;
  }
}

function ready(registration) {
  const worker = registration.installing || registration.waiting;
  return new Promise((done, failed) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") done(worker);
      if (worker.state === "redundant") failed(new Error("no worker"));
    });
  });
}

function asked(worker, message) {
  return new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event) => done(event.data);
    setTimeout(() => done("not kept"), MOST);
    worker.postMessage(message, [port2]);
  });
}
