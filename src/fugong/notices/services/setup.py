"""What the town sets up: channels with their secrets, templates, reminders, and people's addresses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from fugong.base import personal
from fugong.base.models import User
from fugong.notices import variables
from fugong.notices.channels.fields import FIELDS
from fugong.notices.channels.registry import ADAPTERS, LIMITS
from fugong.notices.errors import NoticeError
from fugong.notices.holdings import address_digest
from fugong.notices.models import GROUPS, Address, Channel, Reminding, Secret, Template
from fugong.notices.wording import Words
from fugong.registry.models import Employment, Worker

Whose = tuple[UUID | None, UUID | None]
"""A worker or a login."""
BATCH = 2_000
REMINDERS = ("register", "test_due", "bus", "lapsing")
"""What Fugong can remind people of by itself."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A channel as it stands now, and whether it is another than before."""

    channel: Channel
    changed: bool


@transaction.atomic
def save_channel(
    *, kind: str, name: str, base_url: str, settings: Mapping[str, str], secret: Mapping[str, str], automatic: bool,
    active: bool, actor: UUID | None, now: int, most: int | None = None, seconds: int | None = None,
    channel_id: UUID | None = None,
) -> Saved:  # fmt: skip
    """Set a channel up, or change one; one that is held is asked again. An empty secret keeps the old one. Raises NoticeError."""
    adapter = ADAPTERS[kind]
    missing = [] if name.strip() else [("name", _("name"))]
    missing += [(one, str(FIELDS[one])) for one in adapter.needs if not settings.get(one)]
    if missing:
        called = _(", ").join(title for _field, title in missing)
        raise NoticeError("notices.setting", field=missing[0][0], name=called)
    for url in filter(None, (base_url, settings.get("url", ""))):
        if not url.startswith(("https://", "http://")):
            raise NoticeError("notices.address", field="base_url")
    usual = LIMITS[kind]
    given = {
        "name": name.strip()[:64], "base_url": base_url.strip(), "active": active,
        "settings": {one: settings[one] for one in (*adapter.needs, *adapter.may) if settings.get(one)},
        "automatic": automatic and kind not in GROUPS, "most": most or usual[0], "seconds": seconds or usual[1],
        "held_until": 0,
    }  # fmt: skip
    if channel_id is None:
        channel = Channel(kind=kind)
    else:
        channel = Channel.objects.select_for_update(of=("self",)).get(pk=channel_id, kind=kind)
    changed = any(getattr(channel, setting) != value for setting, value in given.items())
    if changed:
        for setting, value in {**given, "changed_by_id": actor, "changed_at": now}.items():
            setattr(channel, setting, value)
        try:
            with transaction.atomic():
                channel.save(force_insert=channel_id is None)
        except IntegrityError as error:
            raise NoticeError("notices.name_taken", field="name") from error
    secrets = _keep_secret(channel, {one: secret.get(one, "").strip() for one in adapter.secrets})
    return Saved(channel, changed or secrets)


def _keep_secret(channel: Channel, given: Mapping[str, str]) -> bool:
    """Keep the secrets that were typed; whether they are others than before."""
    kept = Secret.objects.filter(channel=channel).first()
    old = json.loads(personal.decrypt(bytes(kept.encrypted))) if kept else {}
    new = {name: given[name] or old.get(name, "") for name in given}
    if kept is not None and new == old:
        return False
    encrypted = personal.encrypt(json.dumps(new))
    Secret.objects.update_or_create(
        channel=channel, defaults={"encrypted": encrypted, "token_encrypted": None, "token_until": None}
    )
    return True


def secrets_kept(channel: Channel) -> set[str]:
    """Which secrets of a channel are there: their names, never themselves."""
    kept = Secret.objects.filter(channel=channel).first()
    found = json.loads(personal.decrypt(bytes(kept.encrypted))) if kept else {}
    return {name for name, value in found.items() if value}


@transaction.atomic
def save_template(*, name: str, words: Words, actor: UUID | None, now: int) -> Template:
    """Keep a template; one with the name of a built-in one takes its place. Raises NoticeError."""
    if not name.strip() or not words.title.zh or not words.text.zh:
        raise NoticeError("notices.no_words", field="text_zh")
    variables.used(words.title.zh, words.title.en, words.text.zh, words.text.en)
    says = {
        "title_zh": words.title.zh, "title_en": words.title.en, "text_zh": words.text.zh, "text_en": words.text.en,
        "changed_by_id": actor, "changed_at": now,
    }  # fmt: skip
    return Template.objects.update_or_create(name=name.strip()[:32], defaults=says)[0]


@transaction.atomic
def drop_template(*, name: str) -> None:
    """Forget a template of the town's; a built-in one of that name says again what it said."""
    Template.objects.filter(name=name).delete()


@transaction.atomic
def switch(*, name: str, on: bool, actor: UUID | None, now: int) -> None:
    """Switch a reminder on or off."""
    if name not in REMINDERS:
        raise KeyError(name)
    Reminding.objects.update_or_create(name=name, defaults={"on": on, "changed_by_id": actor, "changed_at": now})


def is_on(name: str) -> bool:
    """Whether the town wants this reminder."""
    return Reminding.objects.filter(name=name, on=True).exists()


@transaction.atomic
def save_addresses(*, kind: str, rows: Sequence[tuple[UUID | None, UUID | None, str]], now: int) -> int:
    """Keep addresses of workers and logins (one of the two each); an empty one is forgotten. Returns how many are others now."""
    old = Address.objects.filter(kind=kind)
    workers, users = (
        [worker for worker, _user, _value in rows if worker],
        [user for _worker, user, _value in rows if user],
    )
    mine = old.filter(Q(worker__in=workers) | Q(user__in=users)).values_list("worker", "user", "digest")
    known: dict[Whose, bytes] = {(worker, user): bytes(digest) for worker, user, digest in mine}
    rows = [
        (worker, user, value) for worker, user, value in rows
        if known.get((worker, user)) != (address_digest(kind, value) if value else None)
    ]  # fmt: skip
    gone = [(worker, user) for worker, user, value in rows if not value]
    old.filter(worker__in=[worker for worker, _user in gone if worker]).delete()
    old.filter(user__in=[user for _worker, user in gone if user]).delete()
    kept = [
        Address(
            kind=kind, worker_id=worker, user_id=user, encrypted=personal.encrypt(value),
            digest=address_digest(kind, value), changed_at=now,
        )
        for worker, user, value in rows
        if value
    ]  # fmt: skip
    for whose in ("worker", "user"):
        Address.objects.bulk_create(
            [one for one in kept if getattr(one, f"{whose}_id")], batch_size=BATCH, update_conflicts=True,
            unique_fields=[whose, "kind"], update_fields=["encrypted", "digest", "changed_at"],
        )  # fmt: skip
    return len(rows)


def read_addresses(text: str) -> list[tuple[UUID | None, UUID | None, str]]:
    """Lines as people paste them: a login's name or a worker's badge number, a comma or tab, the address.

    Raises NoticeError naming the line.
    """
    lines = list(_typed(text))
    names = {who for _number, who, _value in lines}
    users = {one.username: one for one in User.objects.filter(username__in=names)}
    workers: dict[str, set[UUID]] = {}
    badges = Employment.objects.filter(badge__in=names - set(users), active=True)
    for badge, worker in badges.values_list("badge", "worker"):
        workers.setdefault(badge, set()).add(worker)
    own = {name: one.scope_id for name, one in users.items() if one.role.scope == "worker"}
    there = set(Worker.objects.filter(pk__in=own.values()).values_list("pk", flat=True))
    found: dict[Whose, str] = {}
    for number, who, value in lines:
        people = {own[who]} & there if who in own else workers.get(who, set())
        if who in users and who not in own:
            whose: Whose = (None, users[who].pk)
        elif len(people) == 1:
            whose = (*people, None)
        else:
            raise NoticeError("notices.no_such_person", field="addresses", line=number)
        if whose in found:
            raise NoticeError("notices.person_twice", field="addresses", line=number)
        found[whose] = value
    return [(worker, user, value) for (worker, user), value in found.items()]


def _typed(text: str) -> Iterator[tuple[int, str, str]]:
    """The lines that say something: number, who, address. Raises NoticeError."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        who, separator, value = line.replace("\t", ",").replace("，", ",").partition(",")
        if not separator or not who.strip():
            raise NoticeError("notices.bad_line", field="addresses", line=number)
        yield number, who.strip(), value.strip()
