// A pass: base45 of a COSE_Sign1 (RFC 9052) that holds a CWT (RFC 8392), signed by a key that the list names. The server reads
// it in the same order (doors/passes/tokens.py); tests/doors/vectors/passes.json holds the two together.

import { decode as cbor } from "../../vendor/cborg-6.1.5/decode.js";
import * as base45 from "./base45.js";
import * as base64 from "./base64.js";
import { verifies } from "./keys.js";

export const PREFIX = "FG1:";
const LONGEST = 1000; // characters: what is scanned beyond this is not even looked at
const [ISSUER, EXPIRES, ISSUED, ID, WHO] = [1, 4, 6, 7, -70001];
const ALGORITHM = 1;
const KID = 4;
const SIGN1 = 18;
// Integers beyond 2^53, which no pass has, would come as BigInt: then it is none.
const MAPS = { useMaps: true, tags: { [SIGN1]: (inner) => new Envelope(inner()) } };

class Envelope {
  constructor(parts) { [this.secured, this.unsecured, this.payload, this.signature] = parts; }
}

function head(major, length) {
  if (length < 24) return [major | length];
  return length < 256 ? [major | 24, length] : [major | 25, length >> 8, length & 0xff];
}

function bytesItem(bytes) { return [...head(0x40, bytes.length), ...bytes]; }

/** What was signed: ["Signature1", protected, no further data, payload]. */
function signed(secured, payload) {
  const context = new TextEncoder().encode("Signature1");
  const parts = [0x84, ...head(0x60, context.length), ...context, ...bytesItem(secured), 0x40, ...bytesItem(payload)];
  return Uint8Array.from(parts);
}

function hex(bytes) { return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""); }

/** A text taken apart, and not yet believed; throws on what is no pass at all. */
function takenApart(text) {
  const typed = text.trim();
  if (!typed.startsWith(PREFIX) || Array.from(typed).length > LONGEST) throw new Error("pass");
  const found = cbor(base45.decode(typed.slice(PREFIX.length)), MAPS);
  if (!(found instanceof Envelope)) throw new Error("pass");
  const kid = found.unsecured.get(KID);
  found.algorithm = cbor(found.secured, MAPS).get(ALGORITHM);
  if (![kid, found.payload, found.signature].every((one) => one instanceof Uint8Array)) throw new Error("pass");
  if (!Number.isInteger(found.algorithm)) throw new Error("pass");
  found.kid = hex(kid);
  return found;
}

/** What stands in a pass that is ours; throws where it is no pass's. */
function claims(payload) {
  const body = cbor(payload, MAPS);
  const [issuer, expires, issued, id, who] = [ISSUER, EXPIRES, ISSUED, ID, WHO].map((name) => body.get(name));
  if (typeof issuer !== "string" || !Number.isInteger(issued)) throw new Error("pass");
  if (expires !== undefined && expires !== null && !Number.isInteger(expires)) throw new Error("pass");
  if (!(id instanceof Uint8Array) || !(who instanceof Uint8Array)) throw new Error("pass");
  return { id: base64.encode(id), who: base64.encode(who), expires };
}

const UNREADABLE = { reason: "door.pass_unreadable", worker: null, pass: null };
const FORGED = { reason: "door.pass_forged", worker: null, pass: null };

/**
 * What a scanned pass says: {reason, worker, pass}. `reason` is null when it is good, and `worker` null when nothing that it
 * says can be believed.
 */
export async function read(text, list, now) {
  let found;
  try {
    found = takenApart(text);
  } catch (error) {
    return UNREADABLE;
  }
  const key = (list.meta.keys || []).find((one) => one.kid === found.kid && (!one.use || one.use.includes("pass")));
  if (!key || !(await verifies(key, found.algorithm, found.signature, signed(found.secured, found.payload)))) return FORGED;
  let said;
  try {
    said = claims(found.payload);
  } catch (error) {
    return UNREADABLE;
  }
  let reason = null;
  if (list.revoked.has(said.id)) reason = "door.pass_revoked";
  else if (Number.isInteger(said.expires) && said.expires <= now) reason = "door.pass_expired";
  return { reason, worker: said.who, pass: said.id };
}
