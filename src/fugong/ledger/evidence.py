"""What a fact of each kind rests on: the paper, the record or the person that can be asked when it is doubted.

Fugong keeps no copies of papers: whoever states a fact keeps the evidence, or names it where the fact is stated.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Text

EVIDENCE: dict[str, Text] = {
    "employment": _("the employment contract, or the enterprise's signed roster"),
    "household": _("the household register or the identity card"),
    "dormitory": _("the dormitory's list of beds"),
    "canteen_seat": _("the canteen's seating plan"),
    "survey": _("the worker's own answer, with who asked and when"),
    "stay": _("the worker's own answer, or the carriers' travel card"),
    "booking": _("the trip's plan, with who made it"),
    "crew": _("the trip's plan, or the carrier's duty roster"),
    "boarding": _("the crew's manifest, with who let them on"),
    "arrival": _("the crew's manifest or the checkpoint's list"),
    "identity_check": _("the identity document that was shown"),
    "temperature": _("the reading of the thermometer, with who took it"),
    "test": _("the laboratory's report with its specimen number"),
    "register": _("the worker's own answer, or that of whoever asked them"),
    "symptom": _("what the worker said, or what a medic found"),
    "diagnosis": _("the hospital's or the disease control centre's report"),
    "contact": _("the disease control centre's notice"),
    "observation": _("the notice of medical observation, and the site's list of rooms"),
    "door_check": _("the check itself: door, guard, moment"),
    "door_override": _("the guard's own words, and the check that it goes against"),
    "vaccination": _("the vaccination record"),
    "supplies": _("the signed list of what was handed out"),
    "social_insurance": _("the social-insurance office's list"),
    "evidence_of_person": _("the notice, the contract or the ticket that was shown"),
    "establishment": _("the business licence"),
    "turnover": _("the annual accounts, or the statistics bureau's list"),
    "resumption": _("the permit, the filing or the signed commitment"),
    "capacity": _("the enterprise's production report"),
    "vacancy": _("the enterprise's notice of posts"),
    "visit": _("the team's own record of the visit"),
    "evidence": _("the enterprise's own answer, or what was shown on a visit"),
    "document_handed": _("the receipt, with who took it"),
    "site_open": _("the town's decision"),
    "room": _("the site's list of rooms"),
    "disinfection": _("the disinfection record, with who did it"),
    "clearance_of_site": _("the town's decision"),
    "risk_level": _("the announcement, with who issued it"),
    "service_team": _("the town's decision"),
}
"""By fact kind."""
