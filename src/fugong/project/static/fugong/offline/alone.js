// One window at a time works with what a device keeps: two would each not know what the other has just changed.

const PATIENCE = 1500; // milliseconds: a window that was just closed or loaded again lets go by then

function ask(name, options, lost) {
  let mine = false;
  return new Promise((done) => {
    navigator.locks.request(name, options, () => { mine = true; done(true); return new Promise(() => {}); })
      .catch(() => { if (mine) lost(); else done(false); });
  });
}

/** Be the one of that name: resolves with whether it is; `lost` is called when another window takes it over. */
export const alone = (name, lost) => ask(name, { signal: AbortSignal.timeout(PATIENCE) }, lost);

/** Take it over from the other window. */
export const instead = (name, lost) => ask(name, { steal: true }, lost);
