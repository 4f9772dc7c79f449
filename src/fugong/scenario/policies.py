"""The town's policies and lists, played through their services: a measure, its evidence, claims, vacancies, signed lists.

Chance of its own: what is told here draws nothing from the rest of the town, which stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from random import Random
from uuid import UUID

from fugong.base import local
from fugong.base.ids import uuid7_at
from fugong.ledger import services as ledger
from fugong.ledger.services import NewFact
from fugong.policies.errors import PolicyError
from fugong.policies.language.reading import parsed, shipped
from fugong.policies.models import Measure
from fugong.policies.services import claims, documents, evidence, measures
from fugong.scenario.world import HOUR, Firm, Person, World
from fugong.submissions.models import NOT_RETURNED, VACANCIES
from fugong.submissions.services import signing, vacancies

OFFICE, SIGNER, DESK = "长乐区人社局", "镇工业办", "enterprise desk"
DAY = 24 * HOUR
_INSURED = "参保名单.xlsx"
KEEP_POST = "fuzhou-2020-22-keep-post"
SHARES = {"told_to_delay": 0.8, "post_kept": 0.75, "insured": 0.7}
"""Of those who are away in Hubei: how many had each shown by the moment."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A vacant post of the demo: how many, what it pays, from when, and until when where it is filled in the end."""

    post: str
    number: int
    pay: int
    start: int
    ended: int | None


def seek(world: World, firm: Firm, one: Sought, posts: Sequence[str]) -> None:
    """Have a vacancy reported when its moment comes, and closed when it is filled.

    An enterprise speaks of one post once: where chance says the same again, it is the next of the list.
    """
    taken = world.sought.setdefault(firm.id, set())
    choices = [*posts[posts.index(one.post) :], *posts[: posts.index(one.post)]]
    choices += [f"{post}（夜班）" for post in choices]
    post = next(choice for choice in choices if choice not in taken)
    taken.add(post)
    world.writer.new_id(one.start)  # as many draws as ever: the rest of the town doesn't change
    reported: list[UUID] = []

    def report(now: int) -> None:
        fact = vacancies.report(
            enterprise=firm.id, post=post, number=one.number, monthly_yuan=one.pay, now=now, actor=None, source=DESK
        )
        reported.append(fact)

    def close(now: int) -> None:
        vacancies.close(vacancy=reported[0], enterprise=firm.id, reason="已招满", now=now, actor=None, source=DESK)

    world.plan(one.start, report)
    if one.ended is not None and one.ended < world.end:
        world.writer.new_id(one.ended)
        world.plan(one.ended, close)


def tell(world: World) -> None:
    """The measure comes, is handed out and received; people's evidence is collected; lists are signed; a claim is made."""
    chance = Random(f"policies:{world.recipe.town.code}")  # noqa: S311 - repeatable on purpose, nothing secret
    town = world.actors.get("town")
    away = sorted((p for p in world.people if p.story == "hubei_away" and p.firm.counted), key=lambda p: str(p.id))
    first = world.opening + (world.moment - world.opening) // 2
    chosen = {item: [p for p in away if chance.random() < share] for item, share in SHARES.items()}
    paper = uuid7_at(first, chance.getrandbits(74))
    world.plan(first, partial(_take, paper, town))
    world.plan(first + DAY, partial(_hand, world, chance, paper, town))
    for number, item in enumerate(("told_to_delay", "post_kept"), start=3):
        world.plan(first + number * DAY, partial(_show, [p.id for p in chosen[item]], item, town))
    world.plan(first + 5 * DAY, partial(_insure, chosen["insured"], world.moment))
    for kind in (NOT_RETURNED, VACANCIES):
        world.plan(world.moment - 2 * DAY, partial(_sign, kind, town))
        world.plan(world.moment, partial(_sign, kind, town))
    world.plan(world.moment - DAY, partial(_claim, away))


def _take(paper: UUID, actor: UUID | None, now: int) -> None:
    said = parsed(shipped()[KEEP_POST]).document
    documents.add(
        title=said.title, issuer=said.issuer.zh, level=said.level, number=said.number, now=now, actor=actor,
        policy_id=paper,
    )  # fmt: skip
    for text in shipped().values():
        measures.take(text=text, now=now, actor=actor)


def _hand(world: World, chance: Random, document: UUID, actor: UUID | None, now: int) -> None:
    """To every industrial and commercial enterprise; most above designated size have said that they have it."""
    every = documents.all_of_the_town(now)
    documents.hand(document=document, enterprises=every, now=now, actor=actor)
    known = set(every)
    took = [firm.id for firm in world.large if firm.id in known and chance.random() < 0.8]
    if took:
        documents.hand(document=document, enterprises=took, receipt="企业专员", now=now, actor=actor)


def _show(people: Sequence[UUID], item: str, actor: UUID | None, now: int) -> None:
    if people:
        evidence.show(people=people, item=item, holds=True, document="企业书面说明", now=now, actor=actor)


def _insure(people: Sequence[Person], moment: int, now: int) -> None:
    """The social-insurance office's list: three months to whoever was hired before the first of them."""
    year = local.day_of(moment).year
    start, end = (local.start_of_day(date(year, month, 1)) for month in (1, 4))
    facts = [NewFact(p.id, "social_insurance", start, {}, end=end) for p in people if p.hired < start]
    ledger.append(facts=facts, source=f"import:{_INSURED}", now=now, evidence="社保部门参保名单")


def _sign(kind: str, actor: UUID | None, now: int) -> None:
    signing.sign(kind=kind, office=OFFICE, signed_by=SIGNER, now=now, actor=actor)


def _claim(away: Sequence[Person], now: int) -> None:
    """The enterprise with most people away claims, if it still may; a town without such a claim is one too."""
    firms: dict[UUID, int] = {}
    for person in away:
        if person.firm.resumed is not None and now - 9 * DAY < person.firm.resumed <= now:
            firms[person.firm.id] = firms.get(person.firm.id, 0) + 1
    measure = Measure.objects.get(key=KEEP_POST, current=True)
    for firm in sorted(firms, key=lambda one: (-firms[one], str(one)))[:3]:
        try:
            made = claims.draft(enterprise=firm, measure=measure.pk, now=now, actor=None)
            claims.check(claim=made.pk, now=now + HOUR, actor=None)
        except PolicyError:
            continue
        return
