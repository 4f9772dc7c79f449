// What scans: the camera, and a scanner that types (fast strokes that end with Enter, wherever the focus is).

import { BarcodeDetector, prepareZXingModule } from "../../vendor/barcode-detector-3.2.2/ponyfill.js";

const BETWEEN = 120; // milliseconds between two looks
const SAME = 4000; // the same code counts again after so long out of sight
const FAST = 80; // milliseconds between two strokes of a scanner
const LEAST = 3;

export class Camera {
  constructor(video, heard) { Object.assign(this, { video, heard, last: "", seen: 0, stream: null }); }

  async start() {
    prepareZXingModule({ overrides: { locateFile: () => document.body.dataset.wasm } });
    this.detector = new BarcodeDetector({ formats: ["qr_code"] });
    this.stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1280 } }, audio: false,
    });
    this.video.srcObject = this.stream;
    await this.video.play();
    this.look();
  }

  stop() {
    if (this.stream) this.stream.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

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
    const again = text === this.last && now - this.seen < SAME;
    this.last = text;
    this.seen = now;
    if (!again) this.heard(text);
  }
}

/** Hear a scanner that types while the focus is in no field. */
export function typing(heard) {
  let text = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.altKey || event.metaKey) return;
    const now = performance.now();
    if (now - last > FAST) text = "";
    last = now;
    if (event.key === "Enter" && text.length >= LEAST) {
      event.preventDefault();
      heard(text);
      text = "";
    } else if (event.key.length === 1) text += event.key;
  }, true);
}
