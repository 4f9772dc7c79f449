"""What premises refuse, in sentences that a clerk understands: what, where, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected

from fugong.base.faults import Fault, declare

declare(
    {
        "dormitory.no_site": _("There is no such site. Choose one of the enterprise's own."),
        "dormitory.no_rooms": _("Type the rooms, one a line: name, beds, floor area in m²."),
        "dormitory.room_name": _("Each room needs a name or a number of at most 16 characters."),
        "dormitory.room_taken": _("Room %(room)s is already there. Give the new one another name."),
        "dormitory.room_number": _("Room %(room)s: beds are a number from 1 to 40, the floor area a number of m²."),
        "dormitory.area": _("Type the floor area in m², for example 18.5."),
        "dormitory.no_bed": _("There is no such bed. Load the page again."),
        "dormitory.no_person": _("There is no such person on the enterprise's roster."),
        "dormitory.bed_taken": _("Somebody sleeps in bed %(bed)s of room %(room)s then. Choose another bed, or move them first."),
        "dormitory.person_elsewhere": _("%(name)s already has bed %(bed)s of room %(room)s. Move them instead."),
        "dormitory.room_closed": _("Room %(room)s is closed. Choose another room."),
        "dormitory.room_in_use": _("Room %(room)s can't be closed: %(number)s people sleep there. Move them first."),
        "dormitory.not_there": _("This person no longer has that bed. Load the page again."),
        "dormitory.same_bed": _("They have that bed already."),
        "dormitory.before": _("This can't be before they moved in."),
        "dormitory.future": _("This lies in the future: say when it was."),
        "dormitory.moment": _("Please give date and time, for example 2020-03-09 07:00."),
        "dormitory.at_once": _("Others changed the same beds at this moment. Nothing was changed: try again."),
        "absence.unknown": _("There is no such absence. Load the page again."),
        "absence.who": _("Say who looks for them."),
        "absence.outcome": _("Say what was found out."),
        "absence.words": _("Say it in a few words."),
        "absence.closed": _("This absence is closed already: %(outcome)s."),
        "duty.place": _("Name the place, in at most 32 characters."),
        "duty.kind": _("Choose what kind of place it is."),
        "duty.taken": _("“%(name)s” is on the schedule already."),
        "duty.unknown": _("There is no such place on the schedule. Load the page again."),
        "duty.who": _("Say with what it was disinfected, and by whom."),
        "duty.number": _("Concentration and minutes are numbers: 500, 30."),
        "duty.future": _("This lies in the future: say when it was."),
        "duty.twice": _("This disinfection is on record already."),
        "duty.photo_large": _("The picture is larger than %(limit)s MB. Send a smaller one."),
        "duty.photo_kind": _("The file is no JPEG or PNG picture."),
        "canteen.shift": _("A meal shift needs a name, and an end after its beginning."),
        "canteen.shift_overlaps": _(
            "There is another shift at that time, or within %(minutes)s minutes of it. Choose another time: meals are"
            " staggered."
        ),
        "canteen.shift_taken": _("There is a shift of that name already."),
        "canteen.tables": _("Tables need a name, and 1 to 200 seats each."),
        "canteen.table_taken": _("Table %(table)s is already there."),
        "canteen.unknown": _("There is no such shift or table. Load the page again."),
        "canteen.full": _("Table %(table)s is full in that shift: %(usable)s of its %(seats)s seats may be taken at once."),
        "canteen.too_few": _(
            "There are seats for %(places)s people in all shifts, and %(people)s have none. Add a shift or tables."
        ),
        "canteen.seated": _("%(name)s has a seat already. Take it back first."),
        "canteen.in_use": _("People still eat in this shift. Give them other seats first."),
        "canteen.at_once": _("Others changed the same seats at this moment. Nothing was changed: try again."),
        "stock.item": _("Name the item, in at most 32 characters."),
        "stock.taken": _("“%(item)s” is in stock there already: write down a delivery instead."),
        "stock.unknown": _("There is no such item in stock. Load the page again."),
        "stock.number": _("A number is a whole one from 1 to 1,000,000."),
        "stock.words": _("Say in a few words why the count differs."),
        "stock.too_few": _(
            "There are only %(on_hand)s of “%(item)s” at %(site)s, and %(number)s are asked for. Write down the delivery, or"
            " count what is there."
        ),
        "stock.nothing": _("Choose what is handed out, and how many."),
        "stock.no_person": _("There is no such person."),
        "stock.not_a_code": _("Nobody is found by this code. Scan it again, or search by name."),
        "stock.undone": _("This was taken back already."),
        "stock.too_late": _("It can be taken back within a day. Afterwards, count what is there."),
        "stock.not_issued": _("Only what was handed out can be taken back."),
        "stock.id_taken": _("This id belongs to something else: load the page again."),
        "stock.settled": _("This is settled already."),
        "stock.settle_words": _("Say what happened, in a few words."),
    }
)  # fmt: skip


class PremisesError(Fault):
    """Something that premises refuse: ``code`` is stable, ``field`` names the input, ``message`` says what to do."""


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint by which the database refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""


@contextmanager
def refused(at_once: str, **codes: PremisesError) -> Iterator[None]:
    """What the database refuses is said in words: by the constraint's name; ``at_once`` where two met."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        found = codes.get(constraint_of(error))
        if found is None:
            raise
        raise found from None
    except OperationalError as error:
        if isinstance(error.__cause__, DeadlockDetected):
            raise PremisesError(at_once) from None
        raise
