// One high tone for green, two middle ones for amber, two low ones for red: a guard hears the answer without looking.

const TONES = {
  green: [[880, 0, 0.14]],
  amber: [[523, 0, 0.14], [523, 0.2, 0.14]],
  red: [[220, 0, 0.22], [196, 0.28, 0.32]],
};
const BUZZ = { green: 60, amber: [80, 60, 80], red: [150, 80, 150] };
let speaker;

export function sound(colour) {
  if (navigator.vibrate && navigator.userActivation && navigator.userActivation.hasBeenActive) navigator.vibrate(BUZZ[colour]);
  if (!window.AudioContext) return;
  speaker = speaker || new AudioContext();
  for (const [pitch, start, length] of TONES[colour]) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    volume.gain.value = 0.25;
    tone.frequency.value = pitch;
    tone.connect(volume).connect(speaker.destination);
    tone.start(speaker.currentTime + start);
    tone.stop(speaker.currentTime + start + length);
  }
}
