// One window keeps the door: two would each not know what the other has refused.

const NAME = "fugong-door-keeper";
const PATIENCE = 1500; // milliseconds: a window that was just closed or loaded again lets go by then

function ask(options, lost) {
  let mine = false;
  return new Promise((done) => {
    navigator.locks.request(NAME, options, () => { mine = true; done(true); return new Promise(() => {}); })
      .catch(() => { if (mine) lost(); else done(false); });
  });
}

/** Be the one that keeps the door: resolves with whether it is; `lost` is called when another window takes it over. */
export const alone = (lost) => ask({ signal: AbortSignal.timeout(PATIENCE) }, lost);

/** Take the door over from the other window. */
export const instead = (lost) => ask({ steal: true }, lost);
