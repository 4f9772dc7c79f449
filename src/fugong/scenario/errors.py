"""Why a demo town cannot be loaded, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

declare(
    {
        "scenario.unknown_town": _("There is no demo town “%(name)s”. There are: %(known)s."),
        "scenario.wrong_recipe": _("The recipe of the demo town “%(name)s” is wrong at %(where)s: %(what)s."),
        "scenario.not_empty": _(
            "This database already serves %(town)s. Load the demo town into an empty one: name another folder with"
            " --data."
        ),
    }
)


class ScenarioError(Fault):
    """A demo town that cannot be loaded."""
