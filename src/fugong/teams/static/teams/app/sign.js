// A signature, drawn with a finger: a picture, or nothing where nobody drew.

export class Pad {
  constructor(canvas, clear) {
    Object.assign(this, { canvas, drawn: false });
    this.pen = canvas.getContext("2d");
    Object.assign(this.pen, { lineWidth: 4, lineCap: "round" });
    canvas.addEventListener("pointerdown", (event) => { this.down = true; this.drawn = true; this.pen.beginPath(); this.pen.moveTo(...this.at(event)); canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener("pointermove", (event) => { if (this.down) { this.pen.lineTo(...this.at(event)); this.pen.stroke(); } });
    for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { this.down = false; });
    clear.addEventListener("click", () => this.clear());
  }

  at({ offsetX, offsetY }) {
    const { canvas } = this;
    return [offsetX * canvas.width / canvas.clientWidth, offsetY * canvas.height / canvas.clientHeight];
  }

  clear() {
    this.drawn = false;
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** The picture, or null. */
  blob() { return this.drawn ? new Promise((done) => this.canvas.toBlob(done, "image/png")) : null; }
}
