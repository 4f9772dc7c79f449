// UUIDv7 (RFC 9562), made where the row is made: sending twice stores once. Ids of one page ascend.

let last = 0;

export function uuid7() {
  const now = Math.max(Date.now(), last + 1);
  last = now;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = now.toString(16).padStart(12, "0");
  for (let i = 0; i < 6; i++) bytes[i] = parseInt(time.slice(2 * i, 2 * i + 2), 16);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
