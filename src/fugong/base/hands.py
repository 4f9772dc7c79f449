"""Which logins one person may hold: those whose passwords were handed from one to another.

Whoever gives a login or renews its password has seen the password, and could use the login themselves. What takes two
people isn't done by two such logins until some time has passed. Whoever has the command line hands over without being
anybody's login: that severs a login from those who gave it before.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import heappop, heappush
from uuid import UUID

from fugong.base import access
from fugong.base.models import User


def same_hands(login: UUID, *, since: int) -> dict[UUID, int]:
    """The other logins that whoever holds this one may hold too, by what was handed over after ``since``.

    Each with a moment: from ``since`` on at which that moment lies, the two are apart. Passwords are handed on and both
    ways: whoever gave a login to somebody who gave another one may hold all three, closed ones included.
    """
    near: dict[UUID, list[tuple[int, UUID]]] = defaultdict(list)
    for one, at, other in _handovers(since):
        near[one].append((at, other))
        near[other].append((at, one))
    found: dict[UUID, int] = {}
    ahead = [(-at, one) for at, one in near[login]]  # the youngest link first: what holds two together longest
    ahead.sort()
    while ahead:
        negative, one = heappop(ahead)
        if one == login or one in found:
            continue
        found[one] = -negative
        for at, other in near[one]:
            heappush(ahead, (max(negative, -at), other))
    return found


def _handovers(since: int) -> list[tuple[UUID, int, UUID]]:
    """Each login whose password was handed over after a moment: when last, and by whom."""
    with access.elevated("which logins one person may hold"):
        rows = list(User.objects.filter(given_at__gt=since).values_list("pk", "given_by"))
    return [(login, at, UUID(by)) for login, givers in rows for by, at in givers.items() if at > since]
