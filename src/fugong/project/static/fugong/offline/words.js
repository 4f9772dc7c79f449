// The app's words: one JSON a language, made by the server from its catalogues and kept with the app. No words stand in scripts.

const LANGUAGES = ["zh-hans", "en"];
const COOKIE = /(?:^|; )django_language=([\w-]+)/; // in which language this browser reads the pages
let words = {};
let language = LANGUAGES[0];

/** The words of the language that was chosen here, else of the one in which this browser reads the pages. */
export async function load(chosen) {
  const [, pages] = document.cookie.match(COOKIE) || [];
  language = [chosen, pages].find((one) => LANGUAGES.includes(one)) || LANGUAGES[0];
  const answer = await fetch(document.body.dataset[language === "en" ? "wordsEn" : "wordsZh"], { credentials: "omit" });
  words = await answer.json();
  document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
  fill(document.head); // the title
}

export function other() { return LANGUAGES.find((one) => one !== language); }

export function current() { return language; }

/** A word, with what stands in braces put in. */
export function say(key, values = {}) {
  return (words[key] || "").replace(/\{(\w+)\}/g, (_, name) => (values[name] === undefined ? "" : String(values[name])));
}

/** A pair of texts of the server's in the app's language. */
export function pair(text) { return text ? (language === "en" ? text.en : text.zh) : ""; }

export function fill(root) {
  for (const one of root.querySelectorAll("[data-say]")) one.textContent = say(one.dataset.say);
  for (const one of root.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
  for (const one of root.querySelectorAll("[data-placeholder]")) one.placeholder = say(one.dataset.placeholder);
}

const two = (number) => String(number).padStart(2, "0");

/** A moment in local time (the device's zone), as the pages write it. */
export function moment(seconds) {
  const at = new Date(seconds * 1000);
  return say("moment", {
    month: language === "en" ? at.toLocaleString("en", { month: "short" }) : at.getMonth() + 1, day: at.getDate(),
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  });
}

/** How long: 03:12 (hours and minutes). */
export function span(seconds) { return `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`; }
