// The camera reads a badge or a pass: its text goes into the field, and the form is sent. Without a camera the field is enough.
import { BarcodeDetector, prepareZXingModule } from "../vendor/barcode-detector-3.2.2/ponyfill.js";

const BETWEEN = 150; // milliseconds between two looks
const video = document.getElementById("camera");
const button = document.getElementById("open-camera");
const form = document.getElementById("scanned");

async function look(detector) {
  const found = video.readyState >= 2 && !document.hidden ? await detector.detect(video).catch(() => []) : [];
  if (!found.length) {
    setTimeout(() => look(detector), BETWEEN);
    return;
  }
  video.srcObject.getTracks().forEach((track) => track.stop());
  form.elements.code.value = found[0].rawValue;
  form.requestSubmit();
}

async function open() {
  prepareZXingModule({ overrides: { locateFile: () => video.dataset.wasm } });
  try {
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    await video.play();
  } catch {
    return; // none, or not allowed: a scanner that types, or the search, finds people as well
  }
  video.classList.remove("is-away");
  button.classList.add("is-away");
  look(new BarcodeDetector({ formats: ["qr_code"] }));
}

if (form && navigator.mediaDevices?.getUserMedia) {
  button.classList.remove("is-away");
  button.addEventListener("click", open);
}
