"""The demo's logins: one for each role, named after it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password

from fugong.base.models import User
from fugong.base.roles import ROLES, ScopeKind
from fugong.core.time import PLUS_INF
from fugong.registry.models import Site
from fugong.scenario.world import World


def make_users(world: World, password: str) -> None:
    """One user a role; those of an enterprise and its patch belong to the one that the report visits."""
    hashed = make_password(password)
    visited = world.visited
    scopes: dict[ScopeKind, UUID | None] = {
        "town": None, "audit": None, "operations": None, "patch": world.patches[visited.patch].pk,
        "enterprise": visited.id, "site": visited.plant or visited.id, "worker": visited.id,
    }  # fmt: skip
    for role in ROLES.values():
        user = User.objects.create(
            username=role.name, password=hashed, role_name=role.name, scope_id=scopes[role.scope]
        )
        world.actors[role.name] = user.pk
    world.actors["town"] = world.actors["town_administrator"]


def settle_worker(world: World) -> None:
    """The demo's worker is one who was brought back, tested, and works."""
    person = next(p for p in world.visited.people if p.trip and p.story == "returned" and p.left == PLUS_INF)
    User.objects.filter(username="worker").update(scope_id=person.id)


def settle_sites(world: World) -> None:
    """Those of an observation site are at the first one of the town; the door's device is at the visited plant."""
    first = world.recipe.observation.sites[0].name
    site = Site.objects.filter(enterprise=None, name=first).values_list("pk", flat=True).first()
    for role in ROLES.values():
        if role.scope == "site":
            User.objects.filter(username=role.name).update(
                scope_id=site if "site.read" in role.rights else world.visited.plant
            )
