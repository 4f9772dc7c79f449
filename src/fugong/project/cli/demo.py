"""``fugong demo``: a whole town of March 2020, ready to look at."""

from __future__ import annotations

import click
from django.utils.translation import gettext as _

from fugong import scenario
from fugong.base import clock, environment
from fugong.base.roles import ROLES
from fugong.project import serving
from fugong.project.cli.errors import WrongInput
from fugong.project.cli.operating import origin
from fugong.project.cli.up import DATA, HOST, PORT, PREPARE, prepare, refuse_taken_port, say

PASSWORD = "fugong-demo"  # fixed logins exist in the demo only, and every page says so

EVENING = "18:00"
AFTER_THE_DATA = 1_609_459_200  # 2021-01-01: the demo towns live in the year 2020


@click.command(help=_("Start Fugong with a demo town; started again, it keeps the data."))
@click.option(
    "--town",
    default=scenario.default_town(),
    show_default=True,
    type=click.Choice(scenario.towns()),
    help=_("Which town."),
)
@click.option("--seed", default=2020, show_default=True, help=_("Seed of all that chance decides."))
@DATA
@HOST
@PORT
@PREPARE
def command(town: str, seed: int, data: str | None, host: str, port: int, prepare_only: bool) -> None:
    if not prepare_only:
        refuse_taken_port(host, port)
    prepare()
    from fugong.base import access

    with access.acting(access.as_system("fugong demo", origin=origin())):
        _load(town, seed)
        moment = _show_the_time_of_the_data()
    say("")
    say(_("The demo's clock starts at %(moment)s.") % {"moment": moment})
    say(_("Logins (password of all of them: %(password)s):") % {"password": PASSWORD})
    for role in ROLES.values():
        say(f"  {role.name:20} {role.title}")
    if not prepare_only:
        ready = _("The demo is ready at %(address)s · stop with Ctrl+C") % {"address": f"http://{host}:{port}/"}
        say(_("Starting the server …"))
        try:
            serving.serve(host=host, port=port, ready=lambda: say(ready))
        finally:
            environment.note_demo(stopped=clock.now())


def _show_the_time_of_the_data() -> str:
    """Start the clock on the evening of the last day that has registers, or where an earlier visit left it."""
    from django.db.models import Max

    from fugong.base import local
    from fugong.base.ids import uuid7_at
    from fugong.ledger.models import Fact

    # Ids carry the moment at which they were made: those of the town's data lie in its own past, a visitor's do not.
    visited = uuid7_at(AFTER_THE_DATA, 0)
    of_the_town = Fact.objects.filter(pk__lt=visited, kind="register").aggregate(latest=Max("start"))["latest"]
    of_visitors = Fact.objects.filter(pk__gte=visited).aggregate(latest=Max("recorded_at"))["latest"] or 0
    stopped = environment.demo_notes().get("stopped", 0)
    start = max(local.at(local.day_of(of_the_town), EVENING), of_visitors + 1, stopped)
    clock.start_at(start)
    return local.rfc3339(start)


def _load(town: str, seed: int) -> None:
    from fugong.scenario import ScenarioError, is_loaded, load

    if is_loaded(town):
        say(_("The demo town is already here; its data are kept."))
        return
    with click.progressbar(length=1000, label=_("Loading the demo town"), show_pos=False) as bar:
        shown = 0

        def progress(done: int, total: int) -> None:
            nonlocal shown
            step = int(1000 * done / max(total, 1)) - shown
            if step > 0:
                bar.update(step)
                shown += step

        try:
            load(town, seed=seed, password=PASSWORD, progress=progress)
        except ScenarioError as error:
            raise WrongInput(str(error)) from None
