"""What people type to give somebody a login."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault
from fugong.base.models import User
from fugong.base.roles import WITHOUT_ID, Role, given_by
from fugong.base.services import LONGEST
from fugong.registry.logins.queries import enterprise_meant, site_meant, worker_meant
from fugong.registry.models import Enterprise, Patch
from fugong.registry.services import RegistryError

_FOR = {
    "username": "named",
    "enterprise": "enterprise",
    "patch": "patch",
    "site": "site",
    "worker": "worker",
    "tail": "worker",
}


class _Patches(forms.ModelChoiceField):  # type: ignore[type-arg]  # at run time it takes none
    """A choice of patches, by name."""

    def label_from_instance(self, obj: Patch) -> str:
        return obj.name


class NewLogin(forms.Form):
    """A user name and a role, with what the role is about, unless the page knows it already."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    username = forms.CharField(
        label=_("User name"),
        help_text=_(
            "3 to 40 characters: Chinese characters, Latin letters, digits, full stop, _ and -. A worker needs none."
        ),
        max_length=LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    enterprise = forms.CharField(
        label=_("Enterprise"),
        help_text=_("For an enterprise clerk, a line leader, a guard or a driver: its name or credit code."),
        max_length=128,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    patch = _Patches(
        Patch.objects.order_by("name"),
        label=_("Patch"),
        help_text=_("For a service-team member."),
        required=False,
        empty_label="–",
    )
    site = forms.CharField(
        label=_("Site"),
        help_text=_("For a door device and those of an observation site: its name, after that of its enterprise."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    worker = forms.CharField(
        label=_("Worker's name"),
        help_text=_("For a worker only; or open the worker's page and hand out the code from there."),
        max_length=64,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tail = forms.CharField(
        label=_("Last four characters of the worker's document"),
        max_length=4,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, giver: User, about: Enterprise | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.giver, self.about = giver, about
        self.roles = {role.name: role for role in given_by(giver.role) if _fits(role, about)}
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(role.name, role.title) for role in self.roles.values()]
        if len(self.roles) == 1:
            field.required, self.initial["role"] = False, next(iter(self.roles))
        kinds = {role.scope for role in self.roles.values()}
        unknown = set() if about is not None else kinds
        for name, kind, known in (
            ("enterprise", "enterprise", giver.role.scope == "enterprise"), ("patch", "patch", False),
            ("site", "site", False), ("worker", "worker", False), ("tail", "worker", False),
        ):  # fmt: skip
            if known or kind not in unknown:
                del self.fields[name]

    def parts(self) -> Iterator[tuple[forms.BoundField, str]]:
        """Every field, with classes that name the roles that need it (``nobody``: shown before one is chosen)."""
        for bound in self:
            kind = _FOR.get(bound.name)
            roles = [role.name for role in self.roles.values() if role.scope == kind]
            if bound.name == "username":
                roles = ["nobody", *(name for name in self.roles if name != "worker")]
            yield bound, " ".join(f"fg-for-{name}" for name in roles) if kind and len(self.roles) > 1 else ""

    def clean_username(self) -> str:
        """As it is kept: full-width letters and the like are made plain."""
        return User.normalize_username(str(self.cleaned_data["username"]))

    def clean(self) -> dict[str, Any]:
        """With ``role`` and ``scope_id`` found."""
        cleaned = super().clean() or {}
        if "role" not in self.errors:
            cleaned["role"] = cleaned["role"] or next(iter(self.roles))
            if not cleaned.get("username") and cleaned["role"] != "worker" and "username" not in self.errors:
                self.add_error("username", forms.Field.default_error_messages["required"])
            try:
                cleaned["scope_id"] = self._scope(self.roles[cleaned["role"]], cleaned)
            except Fault as fault:
                self.add_error(fault.field, fault.message)
        return cleaned

    def _scope(self, role: Role, cleaned: dict[str, Any]) -> UUID | None:
        """What the role is about. Raises RegistryError."""
        if role.scope in WITHOUT_ID:
            return None
        if self.about is not None:
            return self.about.subject_id
        if role.scope == "worker":
            return worker_meant(self.giver, cleaned.get("worker", ""), cleaned.get("tail", "")).subject_id
        if role.scope == "patch":
            if cleaned.get("patch") is None:
                raise RegistryError("login.no_patch", field="patch")
            return UUID(str(cleaned["patch"].pk))
        if role.scope == "site":
            return site_meant(cleaned.get("site", "")).subject_id
        return self.giver.scope_id or enterprise_meant(cleaned.get("enterprise", "")).subject_id


def _fits(role: Role, about: Enterprise | None) -> bool:
    """Whether a role is about such a thing; every role fits while nothing is chosen."""
    return about is None or role.scope == "enterprise"
