// The header: which door, whether the server is there, how old the list is, how much waits, who keeps the door, what is wrong.

import * as words from "./words.js";

export class Header {
  constructor(screen) {
    this.screen = screen;
    this.failed = false;
    for (const id of ["bar", "bar-more"]) document.getElementById(id).hidden = false;
    window.setInterval(() => this.tell(), 1000);
  }

  tell() {
    const { door, sync, store } = this.screen;
    const now = door.clock.now();
    const names = door.list ? door.list.meta.names : { site: door.device.door.site, door: door.device.door.name };
    put("bar-door", [names.site, names.door].filter(Boolean).join(" "));
    const state = sync.online ? "online" : "offline";
    document.body.dataset.state = state;
    put("bar-state", words.say(door.revoked ? "revoked" : state));
    put("bar-age", door.list ? words.say("age", { span: words.span(door.age(now)) }) : "");
    const { current } = door.guards;
    put("bar-guard", current ? words.say("guard_is", { name: current.name }) : "");
    const old = door.list && door.age(now) > (door.rules(now).stale_warning || Infinity);
    put("bar-trouble", this.trouble(old));
    document.getElementById("bar-update").hidden = !(this.screen.renewal && this.screen.renewal.waits);
    const { waiting, refused } = store.counts;
    document.getElementById("bar-waiting").dataset.count = waiting;
    put("bar-waiting", words.say("waiting", { count: waiting }));
    put("bar-refused", String(refused));
    document.getElementById("bar-refused").hidden = !refused;
  }

  trouble(old) {
    const { door, sync } = this.screen;
    if (door.revoked) return words.say("revoked_more");
    if (this.failed) return words.say("not_kept");
    if (door.clock.backwards) return words.say("door.clock");
    if (sync.trouble) return words.say(sync.trouble);
    return old ? words.say("old_list") : "";
  }
}

function put(id, text) {
  const place = document.getElementById(id);
  if (place.textContent !== text) place.textContent = text;
}
