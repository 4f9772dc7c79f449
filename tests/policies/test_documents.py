"""Documents of policies, where teams hand them over."""

from __future__ import annotations

import builders
from fugong.policies.services import documents
from fugong.registry import handouts

DAY = 86_400


def add(title: str, **when: int) -> str:
    made = documents.add(title=title, issuer="区政府", level="district", now=builders.NOW, actor=None, **when)
    return str(made.pk)


def test_a_visit_offers_the_documents_in_force(db):
    lasting = add("惠企八条", start=builders.NOW - DAY)
    undated = add("稳岗返还办事指南")
    add("上月的通知", start=builders.NOW - 30 * DAY, end=builders.NOW - DAY)
    add("下月的通知", start=builders.NOW + DAY)
    assert {one.id: one.title for one in handouts.offered(builders.NOW)} == {
        lasting: "惠企八条", undated: "稳岗返还办事指南",
    }  # fmt: skip
