// The device's own key: ECDSA on P-256, made here, never leaving the browser; it signs every request.

import * as base64 from "./base64.js";

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };

export async function make() {
  return crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
}

/** The public half as it is enrolled. */
export async function publicHalf(pair) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  return { kty, crv, x, y };
}

// By the name of a key's algorithm: its number in COSE, and how WebCrypto knows it.
const ALGORITHMS = {
  ES256: { cose: -7, jwk: { kty: "EC", crv: "P-256" }, curve: CURVE, signing: SIGNING },
  EdDSA: { cose: -8, jwk: { kty: "OKP", crv: "Ed25519" }, curve: { name: "Ed25519" }, signing: { name: "Ed25519" } },
};

export const ES256 = ALGORITHMS.ES256.cose;

/** Whether a key of the server, used by the algorithm of that number, has signed some bytes so. */
export async function verifies(key, cose, signature, bytes) {
  const by = ALGORITHMS[key.alg];
  if (!by || by.cose !== cose) return false;
  const jwk = { ...by.jwk, x: key.x, ...(key.y === undefined ? {} : { y: key.y }) };
  try {
    const known = await crypto.subtle.importKey("jwk", jwk, by.curve, false, ["verify"]);
    return await crypto.subtle.verify(by.signing, known, signature, bytes);
  } catch (error) {
    return false; // no key, or a browser that doesn't know the algorithm
  }
}

/** The header by which the server knows who asks: over method, address, moment and body. */
export async function authorization(device, pair, method, address, moment, body) {
  const utf8 = new TextEncoder();
  const digest = await crypto.subtle.digest("SHA-256", utf8.encode(body || ""));
  const said = utf8.encode(`${method}\n${address}\n${moment}\n${base64.encode(digest)}`);
  return `Fugong ${device} ${moment} ${base64.encode(await crypto.subtle.sign(SIGNING, pair.privateKey, said))}`;
}
