"""What a visit sheet offers to tick: what was explained, and what was looked at. Stored by these names."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TOPICS: dict[str, str | Promise] = {
    "政策文件发放": _("policy documents"),
    "口罩等物资": _("masks and other supplies"),
    "用工需求": _("workers needed"),
    "返岗包车": _("coaches for returning workers"),
    "宿舍防控": _("dormitories"),
    "原料运输": _("transport of materials"),
    "资金周转": _("money and loans"),
    "消杀指导": _("disinfection"),
    "复工备案": _("filing the resumption"),
}
"""Topics of a visit, as they stand in ``visit`` facts: in the words of the town's own lists."""

CHECKS: dict[str, str | Promise] = {
    "entrance": _("Temperatures are taken at every entrance"),
    "masks": _("Everybody wears a mask at work"),
    "distance": _("Workplaces stand a metre apart"),
    "canteen": _("Meals are taken in shifts, one a table side"),
    "dormitory": _("Dormitories keep to the number of people a room"),
    "disinfection": _("Disinfection is written down every day"),
    "supplies": _("Masks and disinfectant last a week"),
    "isolation": _("A room for isolation is kept free"),
}
"""What the team looks at with its own eyes."""
