// A pass: base45 of a COSE_Sign1 (RFC 9052) that holds a CWT (RFC 8392), signed with ES256 by a key that the list names.

import { decode as cbor } from "../../vendor/cborg-6.1.5/decode.js";
import * as base45 from "./base45.js";
import * as base64 from "./base64.js";
import { imported, SIGNING } from "./keys.js";

export const PREFIX = "FG1:";
const [ISSUER, EXPIRES, ID, PSEUDONYM] = [1, 4, 7, -70001];
const ALGORITHM = 1;
const KID = 4;
const ES256 = -7;
const SIGN1 = 0xd2; // tag 18
const MAPS = { useMaps: true };

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

function opened(text) {
  let bytes = base45.decode(text.slice(PREFIX.length));
  if (bytes[0] === SIGN1) bytes = bytes.subarray(1);
  const [secured, unsecured, payload, signature] = cbor(bytes, MAPS);
  const claims = cbor(payload, MAPS);
  const headers = cbor(secured, MAPS);
  const kid = unsecured.get(KID) || headers.get(KID);
  if (signature.length !== 64 || claims.get(PSEUDONYM).length !== 8) throw new Error("pass");
  return { secured, payload, signature, claims, algorithm: headers.get(ALGORITHM), kid: hex(kid) };
}

/**
 * What a scanned pass says: {reason, worker, pass}. `reason` is null when it is good, and `worker` null when nothing that it
 * says can be believed.
 */
export async function read(text, list, lineage, now) {
  let found;
  try {
    found = opened(text);
  } catch (error) {
    return { reason: "door.pass_unreadable", worker: null, pass: null };
  }
  const forged = { reason: "door.pass_forged", worker: null, pass: null };
  const key = (list.meta.keys || []).find((one) => one.kid === found.kid && (!one.use || one.use.includes("pass")));
  if (!key || found.algorithm !== ES256 || found.claims.get(ISSUER) !== lineage) return forged;
  const told = signed(found.secured, found.payload);
  if (!(await crypto.subtle.verify(SIGNING, await imported(key), found.signature, told))) return forged;
  const worker = base64.encode(found.claims.get(PSEUDONYM));
  const pass = base64.encode(found.claims.get(ID));
  const expires = found.claims.get(EXPIRES);
  let reason = null;
  if (list.revoked.has(pass)) reason = "door.pass_revoked";
  else if (expires !== undefined && expires <= now) reason = "door.pass_expired";
  return { reason, worker, pass };
}
