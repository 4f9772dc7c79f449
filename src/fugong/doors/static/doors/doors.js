// One high tone for green, two low ones for red: a guard hears the answer without looking. Each check sounds once.
"use strict";
(() => {
  const TONES = { passed: [[880, 0, 0.14]], refused: [[220, 0, 0.22], [196, 0.28, 0.32]] };
  let speaker;
  let last = "";

  function sound() {
    const verdict = document.querySelector("[data-verdict]");
    if (!verdict || verdict.dataset.check === last) return;
    last = verdict.dataset.check;
    const Audio = window.AudioContext || window.webkitAudioContext;
    if (!Audio) return;
    speaker = speaker || new Audio();
    for (const [pitch, start, length] of TONES[verdict.dataset.verdict]) {
      const tone = speaker.createOscillator();
      const volume = speaker.createGain();
      volume.gain.value = 0.25;
      tone.frequency.value = pitch;
      tone.connect(volume).connect(speaker.destination);
      tone.start(speaker.currentTime + start);
      tone.stop(speaker.currentTime + start + length);
    }
    if (navigator.vibrate) navigator.vibrate(verdict.dataset.verdict === "passed" ? 60 : [150, 80, 150]);
  }

  document.addEventListener("DOMContentLoaded", sound);
  document.addEventListener("htmx:afterSwap", sound);
})();
