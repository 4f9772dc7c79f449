// What a door decides: one pure function over numbers (docs/doors.md, "The decision"). `core/protocol/door.py` is the same
// function on the server; tests/doors/vectors/decisions.json and random cases hold the two together.

export const NOTHING = -1;
const OF_THERMOMETER = ["door.no_temperature", "door.implausible", "door.fever", "door.fever_confirmed", "door.wait"];
const AMBER = {
  "door.no_temperature": "temperature", "door.implausible": "temperature", "door.fever": "temperature",
  "door.wait": "temperature", "door.mask": "mask", "door.gloves": "gloves",
};
const IN_ORDER = ["temperature", "mask", "gloves", "register"];

/** Whether a bit of a mask is set. Masks of more than 32 bits stay right; those above 2^53 come as decimal strings. */
function bit(mask, place) {
  if (typeof mask === "string") return ((BigInt(mask) >> BigInt(place)) & 1n) === 1n;
  return Math.floor(mask / 2 ** place) % 2 === 1;
}

function isNothing(mask) { return mask === NOTHING || mask === "-1"; }

/** The mask at a moment; before the first: nothing. Steps are [moment, mask, …], the first moment null since ever. */
function maskAt(steps, at) {
  let low = 0;
  let high = steps.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    const moment = steps[2 * middle];
    if (moment === null || moment <= at) low = middle + 1; else high = middle;
  }
  return low === 0 ? NOTHING : steps[2 * low - 1];
}

export function forceAt(forces, at) {
  return forces.find((force) => (force.start === null || force.start <= at) && (force.end === null || at < force.end)) || null;
}

function byThermometer(rules, measures, at) {
  const limit = rules.fever_limit;
  const limited = limit !== null && limit !== undefined;
  const celsius = measures.celsius;
  if (celsius === null || celsius === undefined) return limited ? "door.no_temperature" : null;
  const [low, high] = rules.plausible;
  if (!(low <= celsius && celsius <= high)) return "door.implausible";
  const apart = rules.second_measurement;
  const twice = apart !== null && apart !== undefined;
  const second = measures.second_of !== null && measures.second_of !== undefined;
  const tooEarly = twice && second && at - measures.second_of < apart;
  if (limited && celsius >= limit) return !twice || (second && !tooEarly) ? "door.fever_confirmed" : "door.fever";
  return tooEarly ? "door.wait" : null;
}

function measured(rules, measures, at) {
  const found = [byThermometer(rules, measures, at)];
  if (rules.mask && !measures.mask) found.push("door.mask");
  if (rules.gloves && !measures.gloves) found.push("door.gloves");
  if (measures.register && !measures.register.well) found.push("door.unwell");
  return found.filter((one) => one !== null);
}

/** The failing requirements that are to be named, and the places of those that need no naming. */
function left(force, mask, measures, own) {
  const limit = force.rules.fever_limit;
  const limited = limit !== null && limit !== undefined;
  const given = measures.celsius !== null && measures.celsius !== undefined;
  const said = {
    temperature: limited && own.some((one) => OF_THERMOMETER.includes(one)), register: own.includes("door.unwell"),
  };
  const good = { temperature: limited && given, register: Boolean(measures.register && measures.register.well) };
  const named = [];
  const putRight = new Set();
  let beyond = force.requirements.length;
  force.requirements.forEach((one, place) => {
    let hopeless = false;
    if (one.on_the_spot) hopeless = bit(mask, beyond++);
    if (!bit(mask, place)) return;
    if (one.on_the_spot && one.ask && (said[one.ask] || (good[one.ask] && !hopeless))) putRight.add(place);
    else named.push(one);
  });
  return [named, putRight];
}

function fails(force, mask, apartFrom) {
  if (!force || !force.requirements || isNothing(mask)) return true;
  return force.requirements.some((_, place) => !apartFrom.has(place) && bit(mask, place));
}

/** The later moments at which the mask changes, or what it means. */
function changes(forces, steps, at) {
  const moments = new Set();
  for (const force of forces) {
    for (const bound of [force.start, force.end]) if (bound !== null && bound > at) moments.add(bound);
  }
  for (let i = 0; i < steps.length; i += 2) if (steps[i] !== null && steps[i] > at) moments.add(steps[i]);
  return [...moments].sort((a, b) => a - b);
}

const NONE = new Set();

function until(forces, here, steps, at, putRight) {
  for (const moment of changes(forces, steps, at)) {
    const force = forceAt(forces, moment);
    if (fails(force, maskAt(steps, moment), force === here ? putRight : NONE)) return moment;
  }
  return null;
}

function earliest(forces, steps, at) {
  for (const moment of changes(forces, steps, at)) {
    if (!fails(forceAt(forces, moment), maskAt(steps, moment), NONE)) return moment;
  }
  return null;
}

function answer(colour, more) {
  return { colour, reasons: [], asks: [], until: null, earliest: null, ...more };
}

/**
 * What a door says to somebody at a moment (whole seconds). `steps` is null when nothing is known of them.
 * `measures`: {celsius, mask, gloves, register: {well}, second_of: moment of the first measurement}.
 */
export function decide(forces, steps, at, direction, measures) {
  if (direction === "out") return answer("green");
  const force = forceAt(forces, at);
  if (!force || !force.requirements) return answer("red", { reasons: ["door.no_protocol"] });
  const mask = steps ? maskAt(steps, at) : NOTHING;
  if (isNothing(mask)) return answer("red", { reasons: ["door.no_clearance"] });
  const own = measured(force.rules, measures, at);
  const [named, putRight] = left(force, mask, measures, own);
  const reasons = [...own, ...named.map((one) => one.name)];
  if (!reasons.length) return answer("green", { until: until(forces, force, steps, at, putRight) });
  const asks = [...own.map((name) => AMBER[name]), ...named.map((one) => (one.on_the_spot ? one.ask : null))];
  return answer(asks.every(Boolean) ? "amber" : "red", {
    reasons, asks: IN_ORDER.filter((one) => asks.includes(one)), earliest: own.length ? null : earliest(forces, steps, at),
  });
}
