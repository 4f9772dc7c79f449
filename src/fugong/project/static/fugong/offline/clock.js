// The server's time on a device whose own clock may be wrong. At each contact the difference is measured; between contacts
// the device's clock counts, and one that has run backwards is trusted no more until the next contact.

const SLACK = 2000; // milliseconds: what a clock may be corrected by in passing (NTP)

export class Clock {
  /** `measuredAnew` is called after each contact, so that what was measured can be kept: the next run may have none. */
  constructor(kept, measuredAnew = () => {}) {
    this.measuredAnew = measuredAnew;
    this.offset = kept ? kept.offset : 0; // milliseconds to add to the device's clock
    this.latest = kept ? kept.latest : 0; // the latest reading of the device's clock that was ever seen
    this.measured = Boolean(kept && kept.measured);
    this.backwards = Boolean(kept && kept.backwards);
    this.anchor = [Date.now(), performance.now()];
    this.look();
  }

  /** Read the clock and see whether it has run backwards since it was read before (also in another run of the app). */
  look() {
    const wall = Date.now();
    const ticking = performance.now();
    const expected = this.anchor[0] + (ticking - this.anchor[1]);
    if (wall < this.latest - SLACK || wall < expected - SLACK) this.backwards = true;
    this.latest = Math.max(this.latest, wall);
    this.anchor = [wall, ticking];
    return wall;
  }

  /** The server's time in whole seconds, as far as is known. */
  now() { return Math.floor((this.look() + this.offset) / 1000); }

  /** An answer said `seconds`; it was asked at `asked` and came at `came` (readings of performance.now). */
  contact(seconds, asked, came) {
    if (!Number.isFinite(seconds)) return;
    const wall = Date.now();
    const way = came - asked;
    const measured = seconds * 1000 + 500 - (wall - way / 2);
    // The header has whole seconds: what is within its own uncertainty is no news.
    if (!this.measured || this.backwards || Math.abs(measured - this.offset) > 1000 + way / 2) this.offset = measured;
    this.measured = true;
    this.backwards = false;
    this.latest = wall;
    this.anchor = [wall, performance.now()];
    this.measuredAnew();
  }

  /** What is kept from one run of the app to the next. */
  kept() {
    return { offset: this.offset, latest: this.latest, measured: this.measured, backwards: this.backwards };
  }
}
