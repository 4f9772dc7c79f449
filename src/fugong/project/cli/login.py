"""``fugong login``: for whoever runs the server, when nobody can sign in any more who could help."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from fugong.project.cli.errors import WrongInput
from fugong.project.cli.operating import as_operator
from fugong.project.cli.up import DATA, say

command = click.Group("login", help=_("Help somebody in who has lost password and phone."))


@click.command(
    help=_(
        "Renew a login's password, print it once, and switch its second step off. Its sessions end; the audit says so."
    )
)
@click.argument("name", metavar=_("USER_NAME"))
@DATA
@as_operator
def renew(name: str, data: str | None) -> None:
    from fugong.base.signin import services
    from fugong.base.signin.backend import login_named

    login = login_named(name)
    if login is None:
        raise WrongInput(_("There is no login “%(name)s”. User names stand on the page “Logins”.") % {"name": name})
    if not login.is_active:
        raise WrongInput(_("The login “%(name)s” is closed. An administrator can open it again.") % {"name": name})
    if login.role_name == "worker":
        raise WrongInput(_("“%(name)s” is a worker's login, which has no password: hand out a code.") % {"name": name})
    password = services.rescue(login=login)
    say(_("Password of %(name)s: %(password)s (shown only now: write it down)")
        % {"name": login.username, "password": password})  # fmt: skip
    say(_("The second step is off. It must be switched on again by its owner."))


command.add_command(renew)
