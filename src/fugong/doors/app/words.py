"""Every word of the door app. The server makes one JSON a language of them; scripts hold no words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fugong.doors.decisions import SAID
from fugong.ledger.kinds import OVERRIDE_REASONS
from fugong.ledger.wording import CHOICES

OVERRIDES = {reason: CHOICES[reason] for reason in OVERRIDE_REASONS}
PURPOSES = {
    "delivery": _("delivery, pick-up"),
    "driver": _("driver"),
    "repair": _("repair, installation"),
    "inspection": _("inspection"),
    "newcomer": _("new worker"),
    "other": pgettext_lazy("purpose of a visit", "other"),
}
QUESTIONS = {
    "away": _("In the last 14 days in a place of risk, or abroad?"),
    "contact": _("Contact with somebody infected or in observation?"),
    "symptoms": _("Fever, cough, or another symptom now?"),
}
"""What a visitor is asked; a yes to one of them is red."""

WORDS = {
    **SAID,
    "door": _("Door"),
    "no_connection": _("No connection. Try again when there is one."),
    "language": pgettext_lazy("the other language", "中文"),
    "moment": pgettext_lazy("a moment", "{day} {month} {time}"),
    "ends_in": pgettext_lazy("the last digits of a phone", "phone ends in {phone}"),
    "somebody": _("Somebody"),
    "yes": pgettext_lazy("answer", "Yes"),
    "no": pgettext_lazy("answer", "No"),
    # the bar
    "more": _("More"),
    "online": _("online"),
    "offline": _("offline"),
    "age": _("list {span} old"),
    "waiting": _("{count} waiting"),
    "guard_is": pgettext_lazy("in the bar", "guard {name}"),
    "revoked": _("revoked"),
    "revoked_more": _("This device was revoked. What it has recorded stays on it. Pair it again with a new code."),
    "old_list": _("The list is old: connect this device to the network."),
    "not_kept": _("This device could not store it. Free some space on it."),
    "update_waits": _("A new version of the app is ready."),
    "update_take": _("Take it over"),
    "snapshot.signature": _("A list with a wrong signature was refused. The one before goes on."),
    "snapshot.unreadable": _("A list that can't be read was refused. The one before goes on."),
    "snapshot.format": _("The server's list needs a newer app. The one before goes on."),
    "snapshot.lineage": _("A list of another installation was refused. The one before goes on."),
    "snapshot.door": _("A list of another door was refused. The one before goes on."),
    "snapshot.older": _("An older list was refused. The newer one goes on."),
    "snapshot.gap": _("A list that doesn't follow was refused. The one before goes on."),
    # when it can't begin
    "broken": _("The door app cannot begin"),
    "broken_how": _(
        "This browser lets it store nothing. Open it outside a private window, free some space, and load it again."
    ),
    "elsewhere": _("The door is kept in another window"),
    "elsewhere_how": _("One window at a time keeps the door, so that none misses what another has refused."),
    "elsewhere_here": _("Keep it here"),
    # pairing
    "pair": _("Pair this device with a door"),
    "pair_how": _("An administrator makes the code on the page of the door. It is good once, for an hour."),
    "code": _("One-time code"),
    "code_missing": _("Type the code that the page of the door shows."),
    "device_name": _("Name of this device"),
    "pair_go": _("Pair"),
    "pair_again": _("Pair again"),
    "pair_other": _("{count} rows of another door still wait on this device. Pair it with that door first."),
    "fetching": _("Fetching the list of people…"),
    "fetching_how": _("It comes as soon as the server can be reached."),
    # finding
    "find_who": _("Who is it?"),
    "which_way": _("Which way?"),
    "in": _("In"),
    "out": _("Out"),
    "search": _("Initials, badge, or last digits of the phone"),
    "find": _("Find"),
    "nobody": _("Nobody on this door's list is found by that."),
    "undo_last": _("Undo the last check ({rest} s)"),
    # measuring
    "feels_well": _("Today's register: do you feel well?"),
    "yes_well": _("Well"),
    "not_well": _("Not well"),
    "worn": _("What is worn"),
    "mask": _("Mask"),
    "gloves": _("Gloves"),
    "temperature": _("Temperature"),
    "other_temperature": _("Another temperature"),
    "mistyped": _("Type the temperature with its point, such as 36.7."),
    "take": _("Check"),
    "cancel": _("Back"),
    "do_second": _("Measure again in {minutes} minutes: {method}."),
    "second_wait": _("Second measurement in {rest}: {method}"),
    "second_now": _("Second measurement now: {method}"),
    # the answer
    "go_in": _("Go in"),
    "not_yet": _("Not in yet"),
    "stop": _("Do not go in"),
    "went_out": _("Went out"),
    "until": _("until {moment}"),
    "from": _("May enter from {moment}."),
    "check_again": _("When that is done, check again."),
    "again": _("Check again"),
    "own_page": _("The worker's own page says why and what to do; the clerk of the enterprise can see it, too."),
    "wait_at": _("Waits here: {place}."),
    "wait_call": _("Call {who}."),
    "wait_nowhere": _("Keep the person apart outside, and call the person in charge of health."),
    "undo": _("Undo ({rest} s)"),
    "next": _("Next person"),
    # against a refusal
    "override": _("Let in all the same…"),
    "override_title": _("Let in against the refusal?"),
    "override_by": _("It is on record and counted, as the word of {name}."),
    "override_why": _("Why?"),
    "override_words": _("In words (needed for another reason)"),
    "override_choose": _("Choose the reason."),
    "override_say": _("Say in words why."),
    "override_go": pgettext_lazy("against a refusal", "Let in"),
    "override_done": _("Let in all the same"),
    "override_for": pgettext_lazy("why somebody was let in, and by whom", "{why} · {name}"),
    "override_stands": _("The refusal stands; this passage alone is let through. It is on record and counted."),
    # a confirmed fever
    "tell": _("Who was told?"),
    "tell_title": _("Who was told?"),
    "tell_who": _("Whom you told"),
    "tell_words": _("What was agreed (may be left empty)"),
    "tell_name": _("Type who was told."),
    "tell_go": _("Record it"),
    "told": _("Told: {who}"),
    # guards
    "guard_title": pgettext_lazy("who keeps the door", "Guard"),
    "guard_none": _("Nobody is signed in."),
    "guard_first": _("Only a guard who is signed in may do this."),
    "guard_unknown": _("No guard of this enterprise has a PIN yet. Guards choose theirs on their page of this door."),
    "guard_keeps": _("{name} keeps the door."),
    "guard_who": _("Who takes over?"),
    "guard_in": _("Sign in"),
    "guard_over": _("Take the door over"),
    "guard_off": _("Sign off"),
    "pin": _("PIN"),
    "pin_both": _("Choose your name and type your PIN."),
    "pin_wrong": _("That PIN is wrong."),
    "pin_pause": _("Too many wrong PINs. Wait {seconds} seconds."),
    # visitors
    "visitors": _("Visitors inside"),
    "visitors_none": _("No visitor is inside."),
    "visitor_new": _("New visitor"),
    "visitor_name": _("Name"),
    "visitor_host": _("Whom do they visit?"),
    "visitor_phone": _("Telephone"),
    "visitor_company": _("Company or number plate"),
    "visitor_purpose": _("What for?"),
    "visitor_questions": _("Ask the visitor"),
    "all_no": _("No to all three"),
    "visitor_go": _("Register"),
    "visitor_missing": _("Type the name, and whom they visit."),
    "visitor_answer": _("Answer the three questions."),
    "visit": _("{company} · to {host} · since {moment}"),
    # who is inside
    "inside": _("Who is inside"),
    "inside_how": _(
        "{count} by what this device has seen in 36 hours. Those who came through other doors stand on the server's page."
    ),
    "count_inside": _("{count} inside"),
    "count_rows": _("{count} rows"),
    "since": pgettext_lazy("somebody inside", "{who} · since {moment}"),
    # what the server refused
    "refusals": _("Refused by the server"),
    "refusals_how": _(
        "These rows were recorded here, and the server did not take them. Tell the administrator, then remove them."
    ),
    "refusals_none": _("None."),
    "refusal": pgettext_lazy("a refused row", "{kind} · {moment} · {why}"),
    "refusal_seen": _("Remove"),
    "row.check": _("check"),
    "row.undo": _("taken back"),
    "row.override": _("let in all the same"),
    "row.told": _("who was told"),
    "row.shift": _("shift"),
    "row.visit": _("visitor"),
    "row.leave": _("visitor went out"),
    "about_list": _("List"),
    "about": _("{count} people, of {moment}"),
    "about_device": _("Device"),
    # reasons of a later version
    "door.other": _("Please go to the health point."),
    # what to do then
    "do.door.stale": _("Connect this device to the network."),
    "do.door.revoked": _("Pair it again with a new code: under More."),
    "do.door.clock": _("Connect this device to the network: then it knows the time again."),
    "do.door.not_stored": _("Free some space on this device, and check again."),
    "do.door.pass_expired": _("The worker opens the pass again on the phone, or is found by name."),
    "do.door.pass_unreadable": _("Scan again, or find the worker by name."),
    **{f"override.{name}": text for name, text in OVERRIDES.items()},
    **{f"purpose.{name}": text for name, text in PURPOSES.items()},
    **{f"ask.{name}": text for name, text in QUESTIONS.items()},
}
