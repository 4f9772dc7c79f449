// The phone's camera in the place of a scanner: a tube's barcode or somebody's pass goes into the field, as if it had been typed.
// A scanner that types needs none of this. Whoever has opened the camera finds it open on the next page too.

import { BarcodeDetector, prepareZXingModule } from "../vendor/barcode-detector-3.2.2/ponyfill.js";

const BETWEEN = 100; // milliseconds between two looks
const TWICE = 2; // a line code counts when it was read so often in a row: one stroke that is missed makes another number
const OPEN = "fugong-sampling-camera";
const FORMATS = ["code_128", "code_39", "code_93", "codabar", "ean_13", "ean_8", "itf", "data_matrix", "qr_code"];
const box = document.getElementById("camera");
const video = box.querySelector("video");
const button = box.querySelector("button");
const trouble = box.querySelector("[role=alert]");
let stream = null;
let last = "";
let times = 0;

function detector() {
  prepareZXingModule({ overrides: { locateFile: () => box.dataset.wasm } });
  return new BarcodeDetector({ formats: FORMATS });
}

async function open() {
  trouble.hidden = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false });
    video.srcObject = stream;
    await video.play();
  } catch {
    close();
    trouble.hidden = false;
    return;
  }
  sessionStorage.setItem(OPEN, "yes");
  video.hidden = false;
  button.setAttribute("aria-pressed", "true");
  look(detector());
}

function close() {
  if (stream) for (const track of stream.getTracks()) track.stop();
  stream = null;
  sessionStorage.removeItem(OPEN);
  video.hidden = true;
  button.setAttribute("aria-pressed", "false");
}

async function look(eye) {
  if (!stream) return;
  if (video.readyState >= 2 && !document.hidden) {
    const found = await eye.detect(video).catch(() => []);
    if (found.length && read(found[0])) return;
  }
  setTimeout(() => look(eye), BETWEEN);
}

// A pass goes to whom is looked for, a tube's code to the tube; where no tube is open, anything is a tube's.
function read({ rawValue, format }) {
  times = rawValue === last ? times + 1 : 1;
  last = rawValue;
  if (format !== "qr_code" && times < TWICE) return false;
  const who = document.getElementById("q");
  const tube = document.getElementById("barcode");
  const field = format === "qr_code" && who ? who : document.activeElement === tube || !who ? tube : who;
  field.value = rawValue;
  if (navigator.vibrate) navigator.vibrate(60);
  if (field === who) who.form.requestSubmit();
  else tube.form.querySelector("input[name=size]:checked")?.focus();
  return field === who;
}

if (navigator.mediaDevices?.getUserMedia) {
  box.hidden = false;
  button.addEventListener("click", () => (stream ? close() : open()));
  if (sessionStorage.getItem(OPEN)) open();
}
