"""How often somebody may fail: rates of ``ACCOUNT_RATE_LIMITS``, counted in a cache that all server processes share.

allauth counts an attempt before it looks at the password and takes it back when it was right, which would keep the
counter's row locked for as long as a digest takes; a whole plant behind one address would wait in a queue. Here the count
is read first and written only after a failure. Attempts that run at the same instant may exceed the rate by their number.
"""

from __future__ import annotations

import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from fugong.base.models import User

_APP = "allauth.account"


def locked(request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None) -> bool:
    """Whether one of an action's rates is used up, for this address, this key (a user name) or this user."""
    rates = {
        ratelimit.get_cache_key(request, app=_APP, action=action, rate=rate, key=key, user=user): rate
        for rate in ratelimit.get_rates(app=_APP, action=action)
    }
    histories = cache.get_many(rates)
    now = time.time()  # the counters' own clock: it must not stand still when a demo's does
    return any(
        not ratelimit.apply_rate(list(histories.get(name, ())), now, rate, dry_run=True)[0]
        for name, rate in rates.items()
    )


def failed(request: HttpRequest, action: str, *, key: str | None = None, user: User | None = None) -> None:
    """Count one failure."""
    ratelimit.consume(request, app=_APP, action=action, key=key, user=user, limit_get=True)
