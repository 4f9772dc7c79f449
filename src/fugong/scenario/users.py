"""The demo's logins: one for each role, named after it."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from fugong.base.models import User
from fugong.base.roles import ROLES
from fugong.core.time import PLUS_INF
from fugong.scenario.world import World


def make_users(world: World, password: str) -> None:
    """One user a role; those of an enterprise belong to the one that the report visits."""
    hashed = make_password(password)
    for role in ROLES.values():
        scope = None if role.scope == "town" else world.visited.id
        user = User.objects.create(username=role.name, password=hashed, role_name=role.name, scope_id=scope)
        world.actors[role.name] = user.pk
    world.actors["town"] = world.actors["town_administrator"]


def settle_worker(world: World) -> None:
    """The demo's worker is one who was brought back, tested, and works."""
    person = next(p for p in world.visited.people if p.trip and p.story == "returned" and p.left == PLUS_INF)
    User.objects.filter(username="worker").update(scope_id=person.id)
