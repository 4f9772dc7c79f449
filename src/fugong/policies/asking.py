"""What measures still need to know of an enterprise: open items for the next visit, once, whichever measure needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fugong.ledger.kinds import PERSON_ITEMS
from fugong.policies import queries
from fugong.policies.language import form
from fugong.policies.language.conditions import Verdict
from fugong.policies.language.eligibility import Result, of_enterprises
from fugong.policies.wording import said
from fugong.registry.asked import Evidence, Question, Reason, Wanted

TITLES = {
    "went_home": gettext_lazy("Which workers went home for the festival?"),
    "told_to_delay": gettext_lazy("Which workers were told to delay their return? Take the notice."),
    "post_kept": gettext_lazy("Whose posts are kept? Take the commitment."),
}
"""What is asked of an enterprise about its people: one question, whoever they are."""


def source(enterprises: Sequence[UUID], at: int, known: Evidence) -> Mapping[UUID, Iterable[Wanted]]:
    """What each enterprise would get something by, if it were known. Where nothing could come of it nothing is asked."""
    measures = queries.current()
    rows = {one.said.measure: one.row.pk for one in measures}
    results = of_enterprises([one.said for one in measures], enterprises, at)
    return {
        enterprise: [
            wanted
            for result in found
            if result.standing != "no"
            for verdict in result.missing
            if (wanted := _wanted(verdict, result, rows[result.measure.measure], at)) is not None
        ]
        for enterprise, found in results.items()
    }


def _wanted(verdict: Verdict, result: Result, measure: UUID, at: int) -> Wanted | None:
    why = Reason(said(result.measure.title), said(result.measure.document.issuer))
    condition = verdict.condition
    if isinstance(condition, form.Shown):
        kind = "flag" if condition.at_least is None and condition.at_most is None else "number"
        hint = said(condition.remedy)
        return Wanted(
            Question(condition.item, said(condition.title), "flag" if kind == "flag" else "number", hint=hint), why
        )
    if verdict.item not in PERSON_ITEMS:
        return None  # what only an office can say is not asked of the enterprise
    number = result.lacking(condition.name)
    title = f"{TITLES[verdict.item]} {_('(%(number)s people)') % {'number': number}}"
    address = reverse("policies:people", args=[measure, result.enterprise])
    question = Question(f"people_{verdict.item}", title, "flag", hint=said(condition.remedy))
    return Wanted(question, why, since=at, address=address)  # answered person by person on that page, never as a whole
