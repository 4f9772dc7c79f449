"""The only writes of the registry, rosters aside (``registry.roster``): divisions, patches, enterprises, sites, doors."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from fugong.base.faults import Fault, declare
from fugong.base.ids import uuid7
from fugong.core.time import MINUS_INF
from fugong.ledger import services as ledger
from fugong.ledger.models import Subject
from fugong.ledger.services import NewFact
from fugong.registry.models import Division, Door, Enterprise, Patch, Site, Town


class RegistryError(Fault):
    """Something that the registry refuses; ``field`` names the input."""


declare(
    {
        "registry.division_code": _("A division code has 6, 9 or 12 digits."),
        "registry.credit_code": _("“%(code)s” is no unified social credit code (18 characters, the last one a check)."),
        "registry.credit_code_taken": _("An enterprise with this credit code is already here."),
        "registry.key_taken": _("This short key is already taken."),
        "registry.no_name": _("A name is needed."),
        "registry.name_taken": _("This name is already taken here."),
    }
)


def new_subject(kind: str, subject_id: UUID | None = None) -> Subject:
    """A new subject of facts."""
    return Subject.objects.create(pk=subject_id or uuid7(), kind=kind)


@transaction.atomic
def add_division(*, code: str, name: str, subject_id: UUID | None = None) -> Division:
    """A division by its code (GB/T 2260, six digits; nine for a town), or the one that is already there."""
    if not re.fullmatch(r"\d{6}(\d{3}){0,2}", code):
        raise RegistryError("registry.division_code", field="code")
    found = Division.objects.filter(code=code).first()
    return found or Division.objects.create(subject=new_subject(Subject.DIVISION, subject_id), code=code, name=name)


@transaction.atomic
def set_town(*, code: str, name: str) -> Town:
    """Say which division this installation serves."""
    town, _created = Town.objects.update_or_create(only=True, defaults={"division": add_division(code=code, name=name)})
    return town


def checked_credit_code(text: str) -> str:
    """A unified social credit code in its written form. Raises RegistryError when the check character is wrong."""
    try:
        return str(uscc.validate(text))
    except ValidationError:
        raise RegistryError("registry.credit_code", field="credit_code", code=text) from None  # fmt: skip


@transaction.atomic
def add_enterprise(
    *, credit_code: str, name: str, key: str, industry: str, division: str, now: int, start: int | None = None,
    source: str, actor: UUID | None = None, patch: Patch | None = None, subject_id: UUID | None = None,
) -> Enterprise:  # fmt: skip
    """Register an enterprise of a division, with its kind of industry as a fact. Raises RegistryError."""
    code = checked_credit_code(credit_code)
    if not name.strip():
        raise RegistryError("registry.no_name", field="name")
    if Enterprise.objects.filter(credit_code=code).exists():
        raise RegistryError("registry.credit_code_taken", field="credit_code")
    if Enterprise.objects.filter(key=key).exists():
        raise RegistryError("registry.key_taken", field="key")
    subject = new_subject(Subject.ENTERPRISE, subject_id)
    enterprise = Enterprise.objects.create(subject=subject, credit_code=code, name=name.strip(), key=key, patch=patch)
    fact = NewFact(
        subject=subject.pk, kind="establishment", start=MINUS_INF if start is None else start,
        values={"industry": industry, "division": division},
    )  # fmt: skip
    ledger.append(facts=[fact], source=source, now=now, actor=actor)
    return enterprise


@transaction.atomic
def add_site(*, name: str, enterprise: Enterprise | None = None, subject_id: UUID | None = None) -> Site:
    """A site of an enterprise, or of the town itself."""
    if not name.strip():
        raise RegistryError("registry.no_name", field="name")
    if Site.objects.filter(enterprise=enterprise, name=name.strip()).exists():
        raise RegistryError("registry.name_taken", field="name")
    return Site.objects.create(subject=new_subject(Subject.SITE, subject_id), enterprise=enterprise, name=name.strip())


@transaction.atomic
def add_door(*, site: Site, name: str, door_id: UUID | None = None) -> Door:
    """A door of a site."""
    if not name.strip():
        raise RegistryError("registry.no_name", field="name")
    if site.doors.filter(name=name.strip()).exists():
        raise RegistryError("registry.name_taken", field="name")
    return Door.objects.create(id=door_id or uuid7(), site=site, name=name.strip())


@transaction.atomic
def add_patch(*, name: str, patch_id: UUID | None = None) -> Patch:
    """A part of the town, for one service team to look after."""
    if not name.strip():
        raise RegistryError("registry.no_name", field="name")
    if Patch.objects.filter(name=name.strip()).exists():
        raise RegistryError("registry.name_taken", field="name")
    return Patch.objects.create(id=patch_id or uuid7(), name=name.strip())
