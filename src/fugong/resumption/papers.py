"""What filings bring, and the sets that jurisdictions asked for. A town chooses one, or makes its own.

Sources: Qingyang's health authority (filing and commitment; three papers, no inspection before); Guzhen of Zhongshan and Wuhan
(as reported by local service sites); Hefei's half a working day to look through a filing. Other towns' names stand for where
a set comes from: none is official text.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Text
from fugong.resumption.models import BY_FILING, COMMITMENT, PERMIT


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that a filing brings. ``own``: Fugong has it (the form itself, the roster), or the page signs it; any
    other one is shown as a document, or named in words.
    """

    code: str
    title: Text
    own: bool = False


PLAN = "prevention_plan"
"""Comes with each filing, in words or as a file, whether or not the way of filing asks for it."""
PAPERS: dict[str, Paper] = {
    paper.code: paper
    for paper in (
        Paper("application_form", _("application form (this page)"), own=True),
        Paper("staff_list", _("list of staff"), own=True),
        Paper("prevention_plan", _("plan of prevention")),
        Paper("signed_commitment", _("signed commitment (on this page)"), own=True),
        Paper("affected_areas", _("health of people from affected areas"), own=True),
        Paper("materials_list", _("list of protective supplies")),
        Paper("health_certificates", _("health certificates")),
        Paper("community_inspection", _("record of the community's inspection")),
        Paper("sector_approval", _("agreement of the sector's authority")),
    )
}
"""Every paper by its code, which is also its item's in what is asked."""


@dataclass(frozen=True, slots=True)
class Model:
    """A jurisdiction's way: regime and papers, with where it is known from."""

    key: str
    title: Text
    regime: str
    papers: tuple[str, ...]
    source: Text


MODELS: dict[str, Model] = {
    model.key: model
    for model in (
        Model(
            "qingyang", _("Qingyang: filing and commitment, three papers"), BY_FILING,
            ("application_form", "staff_list", "prevention_plan"),
            _("Qingyang health authority, 2020; no inspection before"),
        ),
        Model(
            "commitment", _("Commitment first, checked afterwards"), COMMITMENT,
            ("application_form", "staff_list", "prevention_plan", "signed_commitment"),
            _("after Qingyang, 2020 (filing with commitment)"),
        ),
        Model(
            "zhongshan", _("Guzhen of Zhongshan: filing, six papers"), BY_FILING,
            (
                "application_form", "signed_commitment", "prevention_plan", "staff_list", "affected_areas", "materials_list",
            ),
            _("published list of papers, 2020, summarised"),
        ),
        Model(
            "wuhan", _("Wuhan: permit, six papers"), PERMIT,
            (
                "application_form", "prevention_plan", "staff_list", "health_certificates", "community_inspection",
                "sector_approval",
            ),
            _("published list of papers, 2020, summarised"),
        ),
    )
}  # fmt: skip
"""The sets by key. ``zhongshan`` and ``wuhan`` are second-hand."""
USUAL = MODELS["qingyang"]
"""What holds in a town that has set nothing."""

COMMITMENTS: dict[str, Text] = {
    "plan_kept": _("We keep to the plan of prevention, and the head of the enterprise answers for it."),
    "truth": _("What we say here is true, and we say so when it changes."),
    "nobody_uncleared": _("Nobody starts work who isn't cleared."),
    "report": _("Whoever has a fever or symptoms is reported at once."),
}
"""What an enterprise promises with every filing."""
