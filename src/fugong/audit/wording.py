"""The audit in plain words, in the language in force."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fugong.audit.purposes import PAGES
from fugong.base import local, reasons
from fugong.base.roles import ROLES

ACTIONS: dict[str, str | Promise] = {
    "read": _("seen"),
    "insert": _("added"),
    "update": _("changed"),
    "delete": _("deleted"),
    "truncate": _("emptied"),
    "search": _("audit searched"),
    "export": _("audit exported"),
    "sign_in": _("signed in"),
    "sign_in.failed": _("sign-in refused"),
    "sign_in.locked_out": _("sign-in locked out"),
    "sign_in.second_step_failed": _("second step failed"),
    "sign_out": _("signed out"),
    "session.ended": _("session ended"),
    "code.handed_out": _("code handed out"),
    "login.given": _("login given"),
    "login.renewed": _("password renewed"),
    "login.closed": _("login closed"),
    "login.opened": _("login opened again"),
    "visitors.named": _("names of visitors seen"),
    "second_step.on": _("second step switched on"),
    "second_step.off": _("second step switched off"),
    "second_step.new_codes": _("new recovery codes"),
    "act.drafted": _("act drafted"),
    "act.proposed": _("act proposed: it waits"),
    "act.sent": _("act sent to the approvers: it waits"),
    "act.approved": _("act agreed to and done"),
    "act.refused": _("act refused"),
    "act.withdrawn": _("act withdrawn"),
    "act.expired": _("act expired"),
    "act.escalated": _("act gone to everybody who may decide"),
    "act.counted": _("effect of an act counted again"),
    "act.changed": _("waiting act changed"),
    "act.removed": _("waiting act removed"),
    "protocol.adopted": _("protocol adopted"),
    "protocol.suspended": _("protocol suspended"),
    "protocol.changed": _("adopted protocol changed"),
    "deputy.named": _("deputy named"),
    "deputy.changed": _("deputation changed"),
    "deputy.removed": _("deputation removed"),
    "review.opened": _("measurements put on the list to be looked at"),
    "review.looked_at": _("measurements looked at"),
    "review.escalated": _("measurements that nobody has looked at in time"),
    "review.changed": _("list of measurements changed"),
    "review.removed": _("list of measurements removed"),
    "backup": _("backup of everything made"),
    "restore": _("backup brought back"),
}
"""What an entry says that was done."""

ACTS: dict[str, str | Promise] = {
    "list": _("taking in a list"),
    "facts": _("facts from another program"),
    "correct": _("correction of a fact"),
    "registers": _("daily registers for others"),
    "join": _("joining two files"),
    "trip_contacts": _("close contacts aboard a trip"),
    "case_contacts": _("close contacts of a case"),
    "case_contacts_withdrawn": _("close contacts of a case taken back"),
    "resumption.stop": _("stopping an enterprise"),
    "protocol.adopt": _("adoption of a protocol"),
    "protocol.suspend": _("suspension of a protocol"),
}
"""Kinds of acts that may wait for a second person, as entries name them (``ledger.acts``)."""

RELATIONS: dict[str, str | Promise] = {
    "ledger_fact": _("facts"),
    "registry_worker": _("names, phones and addresses"),
    "registry_document": _("identity documents"),
    "registry_employment": _("employments"),
    "registry_upload": _("uploaded lists"),
    "registry_paper": _("files of enterprises"),
    "base_entrycode": _("codes to sign in"),
    "base_user": _("logins"),
    "redress_request": _("requests"),
    "redress_evidence": _("evidence of requests"),
    "journeys_booking": _("seats on trips"),
    "journeys_seatrequest": _("requests for seats"),
    "journeys_sighting": _("whom devices saw of trips"),
    "journeys_reminder": _("reminders of surveys"),
    "clearance_waitingact": _("acts that wait for a second person"),
    "clearance_adoption": _("protocols"),
    "clearance_deputation": _("deputies"),
    "clearance_review": _("measurements to look at"),
    "submissions_submissionrow": _("rows of signed lists"),
    "policies_claim": _("claims of enterprises"),
    "policies_claimline": _("people for whom something is claimed"),
    "observation_stay": _("stays at observation sites"),
    "observation_staff": _("staff of observation sites"),
    "observation_entry": _("day books of observation sites"),
    "notices_notice": _("notices"),
    "notices_address": _("addresses for notices"),
    "resumption_filing": _("filings of resumption"),
    "resumption_step": _("history of filings of resumption"),
    "resumption_condition": _("conditions of resumption"),
    "teams_spot": _("places of enterprises"),
    "teams_visit": _("visits to enterprises"),
    "teams_problem": _("problems of enterprises"),
    "teams_problemevent": _("history of problems"),
    "teams_attachment": _("pictures of visits"),
    "premises_lodging": _("beds in dormitories"),
    "premises_absence": _("people missing in a round"),
    "premises_mealseat": _("seats in canteens"),
    "premises_movement": _("supplies handed out"),
    "premises_shortfall": _("supplies that a shelf did not hold"),
}
"""What tables hold."""

_SCOPES: dict[str, str | Promise] = {
    "town": _("the whole town"),
    "patch": _("a patch"),
    "enterprise": _("an enterprise"),
    "site": _("a site"),
    "worker": _("one's own file"),
    "audit": _("the audit"),
    "operations": _("the running of the installation"),
    "system": _("everything"),
    "sign_in": _("signing in"),
    "none": _("nothing"),
}
_TASK, _WHY = "steward: ", " · "


def action(code: str) -> str:
    """What was done; a code that is unknown (of a later version) as it is."""
    return str(ACTIONS.get(code, code))


def told(details: Mapping[str, Any]) -> str:
    """What else an entry says of a decision: the kind of the act, how many lose a permission, the protocol, from when on."""
    parts = []
    if details.get("act"):
        parts.append(str(ACTS.get(details["act"], details["act"])))
    if details.get("losing") is not None:
        parts.append(gettext("takes a permission from %(number)s") % {"number": f"{details['losing']:,}"})
    if details.get("protocol"):
        parts.append(str(details["protocol"]))
    if details.get("first"):
        parts.append(gettext("the first one, by one person"))
    for name, words in (("from", gettext("from %(moment)s")), ("until", gettext("until %(moment)s"))):
        if isinstance(details.get(name), int):
            parts.append(words % {"moment": f"{local.to_datetime(details[name]):%Y-%m-%d %H:%M}"})
    return " · ".join(parts)


def relation(table: str) -> str:
    """What a table holds."""
    return str(RELATIONS.get(table, table))


def scope(kind: str) -> str:
    """Over what somebody's role reached."""
    return str(_SCOPES.get(kind, kind))


def role(name: str) -> str:
    """What a role is called; the system's is no role of anybody."""
    return str(ROLES[name].title) if name in ROLES else gettext("Fugong itself")


def purpose(stored: str) -> str:
    """For what something was done: the page in words, or the command or task by its name."""
    begun = stored.partition(_WHY)[0]
    method, _space, address = begun.partition(" ")
    if address.startswith("/"):
        page = PAGES.get(address[1:])
        return str(page) if page is not None else gettext("another page")
    if method in {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}:
        return gettext("an address that does not exist")
    if begun == "sign-in":
        return gettext("signing in")
    if begun.startswith(_TASK):
        return gettext("task “%(name)s”") % {"name": begun.removeprefix(_TASK)}
    return gettext("command “%(name)s”") % {"name": begun} if begun else gettext("not told")


def reason(code: str) -> str:
    """Why somebody was shown something; empty where no reason was asked for."""
    return reasons.word(code) if code else ""
