// What scans: the camera, and a scanner that types (fast strokes that end with Enter, wherever the focus is).

import { BarcodeDetector, prepareZXingModule } from "../../vendor/barcode-detector-3.2.2/ponyfill.js";

const BETWEEN = 100; // milliseconds between two looks
const SAME = 4000; // the same code counts again after so long out of sight
const FAST = 80; // milliseconds between two strokes of a scanner
const LEAST = 3; // so many fast strokes are a scanner's: nobody types like that
const LULL = 500; // milliseconds for which it may stop from then on: by radio, or because the device was busy

export class Camera {
  constructor(video, heard) { Object.assign(this, { video, heard, last: "", at: 0, stream: null, wanted: true }); }

  /** Begin, where there is a camera; from then on it runs while the page can be seen, so that nobody waits for it. */
  async open() {
    if (!navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
    prepareZXingModule({ overrides: { locateFile: () => document.body.dataset.wasm } });
    this.detector = new BarcodeDetector({ formats: ["qr_code"] });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.stop() : this.start()));
    await this.start();
  }

  async start() {
    if (this.stream || this.starting || document.hidden) return;
    this.starting = true;
    try {
      const video = { facingMode: "environment", width: { ideal: 1280 } };
      this.stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
      this.video.srcObject = this.stream;
      await this.video.play();
      this.look();
    } catch (error) {
      this.stop(); // none, or not allowed: people are found by a scanner that types, or by hand
    }
    this.starting = false;
    this.place();
  }

  stop() {
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    this.stream = null;
    this.place();
  }

  /** Whether its picture stands on the page; it runs all the same. */
  seen(wanted) {
    this.wanted = wanted;
    this.place();
  }

  place() { this.video.classList.toggle("is-away", !this.wanted || !this.stream); }

  async look() {
    if (!this.stream) return;
    if (this.video.readyState >= 2 && !document.hidden) {
      const found = await this.detector.detect(this.video).catch(() => []);
      if (found.length) this.read(found[0].rawValue);
    }
    setTimeout(() => this.look(), BETWEEN);
  }

  read(text) {
    const now = performance.now();
    const again = text === this.last && now - this.at < SAME;
    Object.assign(this, { last: text, at: now });
    if (!again) this.heard(text);
  }

  /** What was read came at the wrong time, or is to be read once more. */
  forget() { this.last = ""; }
}

/** Hear a scanner that types while the focus is in no field. */
export function typing(heard) {
  let text = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input:not([type=radio]), select, textarea") || event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp;
    if (now - last > (text.length >= LEAST ? LULL : FAST)) text = "";
    last = now;
    if (event.key === "Enter" && text.length >= LEAST) {
      event.preventDefault();
      heard(text);
      text = "";
    } else if (event.key.length === 1) text += event.key;
  }, true);
}
