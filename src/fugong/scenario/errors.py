"""Why a demo town cannot be loaded, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_MESSAGES: dict[str, str | Promise] = {
    "unknown_town": _("There is no demo town “%(name)s”. There are: %(known)s."),
    "wrong_recipe": _("The recipe of the demo town “%(name)s” is wrong at %(where)s: %(what)s."),
    "not_empty": _(
        "This database already serves %(town)s. Load the demo town into an empty one: name another folder with --data."
    ),
}


class ScenarioError(ValueError):
    """A demo town that cannot be loaded: ``code`` is stable, the message says why and what to do."""

    def __init__(self, code: str, **values: str) -> None:
        self.code, self.message = code, str(_MESSAGES[code]) % values
        super().__init__(self.message)
