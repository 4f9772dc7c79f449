"""What can be wrong with a notice, a channel or an address, and what to do about it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare


class NoticeError(Fault):
    """A notice that is refused; ``field`` names the input."""


declare(
    {
        "notices.no_words": _("A notice needs a title and a text in Chinese."),
        "notices.no_english": _("It is to go out in English too: write the title and the text in English."),
        "notices.too_long": _("The text is %(length)s characters long; at most %(limit)s can be sent."),
        "notices.braces": _("A variable stands in braces, as in {name}. Near “%(near)s” a brace is left open."),
        "notices.unknown_variable": _("There is no variable {%(name)s}. You can use: %(known)s."),
        "notices.no_value": _("Nobody has said what {%(name)s} is. Leave it out, or choose another template."),
        "notices.personal_to_group": _(
            "“%(channel)s” writes to a whole group, and {%(name)s} is personal. Leave it out, or choose a channel that"
            " writes to each person alone."
        ),
        "notices.number_to_group": _(
            "“%(channel)s” writes to a whole group, and the text holds what looks like somebody's number: %(masked)s."
            " Take it out."
        ),
        "notices.no_channel": _("Choose at least one channel that is in use."),
        "notices.no_audience": _("Choose to whom it goes."),
        "notices.unknown_audience": _("There is no such audience."),
        "notices.nobody": _("Nobody belongs to this audience now: nothing would be sent."),
        "notices.not_draft": _("This notice is no draft any more."),
        "notices.not_waiting": _("This notice does not wait for anybody."),
        "notices.own": _("You made this notice yourself: somebody else has to agree to it."),
        "notices.same_hands": _(
            "The password of your login was handed over by whoever made this notice, or the other way round: somebody else"
            " has to agree to it."
        ),
        "notices.recounted": _(
            "By now %(now)s people would get it instead of %(before)s. Look at it again, and confirm then."
        ),
        "notices.not_sure": _("Tick the box to confirm to how many people it goes."),
        "notices.gone": _("This notice has gone out already and cannot be cancelled."),
        "notices.past": _("The moment lies in the past. Choose a later one, or send it now."),
        "notices.not_again": _("Only what failed, or of which nobody knows whether it was sent, can be sent again."),
        "notices.file_large": _("The file “%(name)s” is larger than %(limit)s MB."),
        "notices.files_many": _("At most %(limit)s files can go with a notice."),
        "notices.file_kind": _("The file “%(name)s” is no PDF and no JPEG or PNG picture."),
        "notices.setting": _("“%(name)s” is needed for this kind of channel."),
        "notices.address": _("An address begins with https:// (or with http:// on one's own network)."),
        "notices.name_taken": _("Another one has this name already."),
        "notices.apprise_missing": _(
            "Apprise is not installed. Install Fugong with the extra “notices”: pip install 'fugong[notices]'."
        ),
        "notices.person_twice": _(
            "Line %(line)s: this person has an address in a line above already. Keep one of them."
        ),
        "notices.no_such_person": _("Line %(line)s: there is no such worker or login."),
        "notices.bad_line": _(
            "Line %(line)s: write a login's name or a worker's badge number, a comma, and the address."
        ),
    }
)
