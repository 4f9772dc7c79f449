"""Who sees notices: the town all, an enterprise its own, people what is meant for them. Secrets are the town's.

A delivery's wall doesn't ask the notice's, as the notice's asks the delivery's.
"""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about

_MINE = "(SELECT fugong_scope_id())"
_ME = "(SELECT fugong_actor())"
_OURS = "enterprise_id IN (SELECT fugong_subjects()) AND (SELECT fugong_scope()) IN ('enterprise', 'patch')"
_MADE = f"made_by_id = {_ME}"
_FOR_ME = (
    f"((SELECT fugong_scope()) = 'worker' AND id IN (SELECT d.notice_id FROM notices_delivery AS d WHERE d.worker_id = {_MINE})) "
    f"OR id IN (SELECT d.notice_id FROM notices_delivery AS d WHERE d.user_id = {_ME})"
)
_OF_A_NOTICE = f"{ALL} OR EXISTS (SELECT 1 FROM notices_notice AS n WHERE n.id = notice_id)"
_OF_MINE = f"{ALL} OR EXISTS (SELECT 1 FROM notices_notice AS n WHERE n.id = notice_id AND n.{_MADE})"
"""Whoever gets a notice adds nothing to it and takes nothing from it."""

WALLS = [
    Wall("notices_channel", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=ALL),
    Wall("notices_secret", ("SELECT", "INSERT", "UPDATE"), see=ALL),
    Wall("notices_template", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=ANYBODY, write=ALL),
    Wall("notices_reminding", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=ALL),
    Wall(
        "notices_notice", ("SELECT", "INSERT", "UPDATE"), see=f"{ALL} OR {_MADE} OR ({_OURS}) OR {_FOR_ME}",
        add=f"{ALL} OR {_MADE}", write=f"{ALL} OR {_MADE} OR ({_OURS})",
        change=(
            "title_zh", "title_en", "text_zh", "text_en", "values", "languages", "audience", "of", "state", "send_at",
            "counted", "confirmed_at", "approved_by_id", "approved_at", "expanded_at",
        ), audited="enterprise_id",
    ),
    Wall("notices_notice_channels", ("SELECT", "INSERT", "DELETE"), see=_OF_A_NOTICE, write=_OF_MINE),
    Wall("notices_attachment", ("SELECT", "INSERT"), see=_OF_A_NOTICE, write=_OF_MINE),
    Wall(
        "notices_address", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=f"{about('worker_id')} OR user_id = {_ME}",
        audited="worker_id",
    ),
    Wall("notices_attempt", ("SELECT", "INSERT", "UPDATE"), see=ALL,
         change=("answered_at", "outcome", "code", "words", "ref", "looked_at")),
    Wall(
        "notices_delivery", ("SELECT", "INSERT", "UPDATE"),
        see=f"{about('worker_id')} OR user_id = {_ME} OR ({_OURS})",
        change=(
            "state", "due_at", "tries", "attempt_id", "error", "sent_at", "read_at", "opened_at", "again", "again_by_id",
            "again_at",
        ),
    ),
]  # fmt: skip
