// What a door keeps besides what every app does (fugong/offline/store.js).

import * as store from "../../fugong/offline/store.js";

const VERSION = 2;
const OWN = {
  inside: {}, // pseudonym → the last passage here
  seconds: {}, // pseudonym → the first measurement that is to be repeated
  blocked: {}, // pseudonym → a refusal on the spot that no list has taken into account
  trips: {}, // what was done here of trips, by the row's id, until the list says so
  visits: { keyPath: "id" }, // visitors who are inside
};

export const open = () => store.open("fugong-door", VERSION, OWN);
