// Rows of the visit sheet: each with its own id, kept together with what the sheet shows of it, so that both are there or neither is.

import { uuid7 } from "../../fugong/offline/ids.js";

const LONGEST = 1600; // pixels: a document in a picture can be read

export function row(kind, visit, more) { return { id: uuid7(), kind, visit, ...more }; }

/** A visit that nobody planned, as the list shows it: what is known of the enterprise comes from the server. */
export function walkIn(walk, enterprise) {
  return { id: uuid7(), walk, enterprise, place: 0, arrives: null, state: "planned", unplanned: true, known: [], open: [], problems: [], lead: "" };
}

/** Keep a row and the sheet as it is then; a picture as well, where one goes with it. */
export function keep(store, sheet, one, picture = null) {
  const changes = [["sheets", "put", sheet]];
  if (one) changes.push(["waiting", "put", one]);
  if (picture) changes.push(["pictures", "put", picture]);
  return store.write(changes);
}

export async function dismiss(store, id) { await store.write([["refused", "delete", id]]); }

/** A photo as it is kept: a JPEG no larger than the server takes. Rejects where it can't be read. */
export async function photo(file, most) {
  const bitmap = await createImageBitmap(file);
  for (let longest = LONGEST, quality = 0.85; ; longest = Math.round(longest * 0.75), quality = 0.7) {
    const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale)),
    });
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (blob && blob.size <= most) return blob;
    if (longest < 300) throw new Error("too large");
  }
}

export function picture(kind, visit, blob, at) { return { id: uuid7(), kind, visit, blob, at }; }
