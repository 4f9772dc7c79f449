// base45 (RFC 9285): what a QR code holds in its alphanumeric mode.

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** The bytes; throws on anything that is no base45. */
export function decode(text) {
  const digits = Array.from(text, (letter) => ALPHABET.indexOf(letter));
  if (digits.includes(-1) || digits.length % 3 === 1) throw new Error("base45");
  const bytes = [];
  for (let i = 0; i < digits.length; i += 3) {
    const pair = i + 2 < digits.length;
    const value = digits[i] + 45 * digits[i + 1] + (pair ? 2025 * digits[i + 2] : 0);
    if (value > (pair ? 0xffff : 0xff)) throw new Error("base45");
    if (pair) bytes.push(value >> 8);
    bytes.push(value & 0xff);
  }
  return Uint8Array.from(bytes);
}
