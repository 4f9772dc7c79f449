"""What policies refuse, in words that a clerk or an office understands: what, where, what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fugong.base.faults import Fault, declare


class PolicyError(Fault):
    """Something about a document, a measure or a claim that is refused; ``field`` names the input."""


declare(
    {
        "policy.no_calendar": _(
            "The table of working days has no year %(year)s. Add the year as the State Council announces it."
        ),
        # documents
        "policy.no_title": _("Give the document its title."),
        "policy.no_issuer": _("Say who issued the document."),
        "policy.level": _("Choose the level of the document: state, province, city or district."),
        "policy.times": _("The document ends before it begins. Compare the two dates."),
        "policy.file_size": _("The file is larger than %(most)s MB. Hand in a smaller one."),
        "policy.file_kind": _("The file must be a PDF, a Word file, a picture or a text file."),
        "policy.known": _("A document with the number %(number)s is in the list already."),
        "policy.nobody": _("There is no enterprise to hand the document to."),
        "policy.no_receipt": _("Say who took the document."),
        # measures
        "measure.wrong": _("Line %(line)s, %(where)s: %(what)s"),
        "measure.encoding": _(
            "Line %(line)s: the file is not saved as UTF-8. Open it in an editor, save it as UTF-8, and send it again."
        ),
        "measure.large": _("The file is larger than 1 MB: a measure is a page or two of text. Choose the right file."),
        "measure.no_file": _("Choose the file of the measure (YAML)."),
        "measure.same": _("This text is in force already: version %(version)s."),
        "measure.version": _("The measure %(key)s has a version “%(version)s” already. Give the new text a new version."),
        "measure.other_days": _(
            "The document “%(title)s” is in the list with other days. Write “%(key)s: %(day)s” below its “document”."
        ),
        "measure.not_in_force": _(
            "This measure is %(when)s: nothing can be claimed by it today. If it was prolonged, take in its new text."
        ),
        "measure.no_amount": _("The text of this measure was not found, so it has no amount and nothing can be claimed by it."),
        "evidence.nobody": _("Choose at least one person."),
        "evidence.item": _("Choose what was shown."),
        # claims
        "claim.not_eligible": _("The enterprise does not meet the measure: %(why)s"),
        "claim.nobody": _("Nobody is left for whom the enterprise could claim: those who qualify are claimed already."),
        "claim.open": _("The enterprise has claimed this measure already. It is paid once."),
        "claim.late": _("The deadline was %(day)s. Ask the office that pays before you go on."),
        "claim.changed": _("What the claim rests on has changed: %(why)s. Withdraw it and draft it again."),
        "claim.step": _("This claim is %(state)s: that step is not due. Look at the claim again."),
        "claim.publicity": _("The claim has to be public first. Enter from when to when it is shown."),
        "claim.publicity_runs": _("The claim is public until %(day)s. Approve it after that day."),
        "claim.publicity_days": _("The measure asks for %(days)s days of publicity. Correct the two dates."),
        "claim.amount": _("Type an amount in yuan that is more than nothing, at most %(most)s."),
        "claim.own": _("You drafted or checked this claim yourself: somebody else has to approve it."),
        "claim.no_reason": _("Say why."),
        "claim.paid_ahead": _("The day is still to come. Correct the date."),
        "claim.paid": _("This claim is paid already. Nothing is paid twice."),
    }
)  # fmt: skip
