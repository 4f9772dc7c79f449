"""What the service teams' app refuses, in sentences that a team member understands: what, where, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare

declare(
    {
        "team.unknown": _("There is no such team."),
        "team.no_login": _("Choose the login of a service-team member of this patch."),
        "team.no_name": _("Type the member's name."),
        "team.elsewhere": _("%(name)s is in a team at that time already. End that first."),
        "team.led": _("The team has a leader at that time already. End that first."),
        "team.times": _("The end must lie after the beginning."),
        "team.other_patch": _("%(enterprise)s lies in another patch than the team %(team)s."),
        "team.no_enterprise": _("There is no such enterprise."),
        "share.meanwhile": _("Somebody else has shared these enterprises out meanwhile. Look at the page again, then accept it."),
        "lead.no_name": _("Type the name of the town leader who answers for the enterprise."),
        "area.not_understood": _(
            "This is no GeoJSON of patches: a FeatureCollection is needed, each feature a Polygon or MultiPolygon with the "
            "patch's name in its property “name”."
        ),
        "area.no_patch": _("No patch of the town is called “%(name)s”. Correct the name in the file."),
        "area.too_large": _("The file is larger than %(limit)s kB. Draw the patches with fewer corners."),
        "spot.wrong": _("Latitude and longitude are needed in degrees, for example 26.01 and 119.61."),
        "spot.twice": _("A row above says where this enterprise lies already. Keep one of them."),
        "spot.not_taken": _("No place was taken in. Rows to correct in the file: %(number)s. Then upload it again."),
        "route.nothing": _("No visit is planned for this day. Choose enterprises first."),
        "route.over": _("The hours of visits on this day are over: there is no order left to plan."),
        "route.no_place": _("It isn't known where the patch lies. Upload its area on the map first."),
        "route.engine": _("%(why)s"),
        "route.broken": _("The route that was found breaks a rule and isn't used: %(why)s"),
        "sheet.unknown": _("There is no such visit among yours. Load the day anew."),
        "sheet.no_team": _("You were in no service team at that time. Ask the town administrator."),
        "sheet.twice": _("A visit to %(enterprise)s is planned for that day already."),
        "sheet.not_planned": _("This visit isn't planned any more."),
        "sheet.future": _("This lies in the future: the clock of this phone is wrong."),
        "sheet.times": _("A visit ends after it begins."),
        "sheet.too_long": _("The text in “%(what)s” is too long: at most %(limit)s characters."),
        "sheet.not_understood": _("This row can't be read. Update the app and send it again."),
        "sheet.no_answer": _("The answer is empty."),
        "sheet.no_receipt": _("Type who took the document."),
        "sheet.no_document": _("Type which document was handed over."),
        "sheet.other_member": _("These records were made by another login. Sign in as who made them, then they are sent."),
        "photo.too_large": _("The picture is larger than %(limit)s MB. Take it again with a lower resolution."),
        "photo.kind": _("This is no JPEG or PNG picture."),
        "photo.too_many": _("At most %(limit)s pictures can go with one visit."),
        "problem.unknown": _("There is no such problem."),
        "problem.words": _("Say what the problem is, in 1 to %(limit)s characters."),
        "problem.kind": _("Choose what kind of problem it is."),
        "problem.owner": _("Say who sees to it, in at most 64 characters."),
        "problem.due": _("Say until when it is to be dealt with: a time to come."),
        "problem.state": _("This can't be done now: the problem is %(state)s."),
        "problem.no_word": _(
            "Only the enterprise says that a problem is solved or isn't: type the name of who at the enterprise said so."
        ),
        "problem.own_word": _("%(name)s is in the service team or sees to the problem: only the enterprise's word closes it."),
        "problem.no_answer": _("Say what was done."),
    }
)  # fmt: skip


class TeamError(Fault):
    """A request that is refused: ``code`` is stable, ``field`` names the input."""
