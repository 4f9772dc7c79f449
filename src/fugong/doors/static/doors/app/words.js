// A door's words besides what every app has (fugong/offline/words.js).

import { pair, say } from "../../fugong/offline/words.js";

export * from "../../fugong/offline/words.js";

/** What tells people of one name apart: workshop, badge, last digits of the phone. */
export function who({ place, badge, phone }) {
  return [place, badge, phone && say("ends_in", { phone })].filter(Boolean).join(" · ");
}

/** The words of a reason: the list's own for requirements, the app's for what doors say. */
export function reason(name, force) {
  const requirement = force && force.requirements ? force.requirements.find((one) => one.name === name) : null;
  return requirement ? pair(requirement.say) : say(name) || say("door.other");
}
