"""The demo's logins: one for each role, named after it."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.hashers import make_password

from fugong.base import local
from fugong.base.ids import uuid7
from fugong.base.models import User
from fugong.base.roles import ROLES, WITHOUT_ID, ScopeKind
from fugong.clearance import deputies
from fugong.core.time import PLUS_INF
from fugong.registry.models import Site
from fugong.scenario.world import World


def make_users(world: World, password: str) -> None:
    """One user a role, who is made when it is known over what (`settle_users`); those of the town at once."""
    hashed = make_password(password)
    for role in ROLES.values():
        world.actors[role.name] = uuid7()
        world.users[role.name] = User(
            id=world.actors[role.name], username=role.name, password=hashed, role_name=role.name
        )
    world.actors["town"] = world.actors["town_administrator"]
    User.objects.bulk_create(world.users.pop(role.name) for role in ROLES.values() if role.scope in WITHOUT_ID)


def settle_users(world: World) -> None:
    """The others belong to the enterprise that the report visits, its patch, its plant, and the first observation site.

    The worker is one who was brought back, tested, and works.
    """
    visited = world.visited
    person = next(p for p in visited.people if p.trip and p.story == "returned" and p.left == PLUS_INF)
    first = world.recipe.observation.sites[0].name
    observation = Site.objects.values_list("pk", flat=True).get(enterprise=None, name=first)
    scopes: dict[ScopeKind, UUID | None] = {
        "patch": world.patches[visited.patch].pk, "enterprise": visited.id, "worker": person.id,
    }  # fmt: skip
    for user in world.users.values():
        place = observation if user.may("site.read") else visited.plant
        user.scope_id = scopes.get(user.role.scope, place)
    User.objects.bulk_create(world.users.values())


def name_the_deputy(world: World) -> None:
    """The administrator has named the deputy: what the administrator proposes finds a second person."""
    start = local.from_datetime(world.recipe.moment)
    deputies.name_deputy(
        deputy=world.actors[deputies.DEPUTY], start=start, end=start + deputies.LONGEST,
        by=world.actors["town_administrator"], now=start,
    )  # fmt: skip
