"""Teams, who is in them, which enterprises they look after, and which town leader answers for an enterprise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from uuid import UUID

from django.db import IntegrityError, transaction

from fugong.base.models import User
from fugong.core.time import PLUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.models import Subject
from fugong.ledger.services import NewFact
from fugong.registry.models import Enterprise, Patch
from fugong.registry.services import RegistryError, new_subject
from fugong.teams.errors import TeamError
from fugong.teams.models import Charge, Lead, Member, ServiceTeam
from fugong.teams.services import dated

ROLE = "service_team_member"


@transaction.atomic
def add_team(
    *, name: str, patch: Patch, leader: str, start: int, now: int, source: str, actor: UUID | None = None,
    subject_id: UUID | None = None,
) -> ServiceTeam:  # fmt: skip
    """A service team that looks after a patch from a moment on, under a leader, as a fact. Raises RegistryError."""
    if not name.strip():
        raise RegistryError("registry.no_name", field="name")
    if ServiceTeam.objects.filter(name=name.strip()).exists():
        raise RegistryError("registry.name_taken", field="name")
    team = ServiceTeam.objects.create(subject=new_subject(Subject.TEAM, subject_id), name=name.strip(), patch=patch)
    fact = NewFact(team.pk, "service_team", start, {"patch": patch.name, "leader": leader})
    ledger.append(facts=[fact], source=source, now=now, actor=actor)
    return team


@transaction.atomic
def add_member(
    *, team: ServiceTeam, user: UUID, name: str, start: int, end: int = PLUS_INF, leads: bool = False
) -> Member:  # fmt: skip
    """Somebody joins a team: a login of a service-team member of its patch, in one team at a time. Raises TeamError."""
    if not name.strip():
        raise TeamError("team.no_name", field="name")
    if start >= end:
        raise TeamError("team.times", field="end")
    if not User.objects.filter(pk=user, role_name=ROLE, scope_id=team.patch_id).exists():
        raise TeamError("team.no_login", field="user")
    with _refusing(name=name):
        return Member.objects.create(team=team, user_id=user, name=name.strip()[:32], start=start, end=end, leads=leads)


@transaction.atomic
def end_member(*, member: UUID, end: int) -> None:
    """Somebody leaves a team. Raises TeamError."""
    found = Member.objects.select_for_update().filter(pk=member).first()
    if found is None:
        raise TeamError("team.unknown")
    if not found.start < end <= found.end:
        raise TeamError("team.times", field="end")
    found.end = end
    found.save(update_fields=["end"])


@contextmanager
def _refusing(name: str) -> Iterator[None]:
    """What the database refuses is said in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnostics = getattr(error.__cause__, "diag", None)
        match getattr(diagnostics, "constraint_name", ""):
            case "member_of_one_team_at_a_time":
                raise TeamError("team.elsewhere", field="user", name=name) from None
            case "team_has_one_leader_at_a_time":
                raise TeamError("team.led", field="leads") from None
        raise


@transaction.atomic
def put_in_charge(*, choices: Mapping[UUID, UUID], now: int, actor: UUID | None, seen: int | None = None) -> int:
    """Which team looks after which enterprise from now on (enterprise → team); how many changed. A team looks after its own
    patch only. With ``seen`` it is refused where somebody else has given one of them to yet another team since then. Raises
    TeamError; then nothing is changed.
    """
    firms = locked_enterprises(choices)
    teams = {one.pk: one for one in ServiceTeam.objects.filter(pk__in=set(choices.values()))}
    for enterprise, team in choices.items():
        if team not in teams:
            raise TeamError("team.unknown", field="team")
        if teams[team].patch_id != firms[enterprise].patch_id:
            raise TeamError("team.other_patch", enterprise=firms[enterprise].name, team=teams[team].name)
    fresh = Charge.objects.filter(enterprise__in=firms, start__gte=seen, end__gt=now) if seen is not None else ()
    if any(one.team_id != choices[one.enterprise_id] for one in fresh):
        raise TeamError("share.meanwhile")
    return dated.succeed(Charge, {key: {"team_id": team} for key, team in choices.items()}, now, actor)


@transaction.atomic
def name_leads(*, leads: Mapping[UUID, tuple[str, str]], now: int, actor: UUID | None) -> int:
    """The town leader (name, post) who answers for each of these enterprises from now on; how many changed. Raises TeamError."""
    locked_enterprises(leads)
    named = {key: (name.strip()[:32], post.strip()[:64]) for key, (name, post) in leads.items()}
    if not all(name for name, _post in named.values()):
        raise TeamError("lead.no_name", field="name")
    said = {key: {"name": name, "post": post} for key, (name, post) in named.items()}
    return dated.succeed(Lead, said, now, actor)


def locked_enterprises(keys: Iterable[UUID], *, team: UUID | None = None) -> dict[UUID, Enterprise]:
    """Enterprises by id, locked together with a team, as they are then. Raises TeamError for one that isn't there."""
    wanted = set(keys)
    if Enterprise.objects.filter(pk__in=wanted).count() != len(wanted):
        raise TeamError("team.no_enterprise")
    ledger.lock(update=wanted if team is None else wanted | {team})
    return {one.pk: one for one in Enterprise.objects.filter(pk__in=wanted)}
