"""Which adapter speaks to which kind of channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fugong.notices.channels import dingtalk, others, wecom
from fugong.notices.channels.common import Adapter
from fugong.notices.models import (
    DINGTALK_ROBOT,
    DINGTALK_WORK,
    MAIL,
    OTHER,
    PAGE,
    SMS,
    WECOM_APP,
    WECOM_ROBOT,
)

ADAPTERS: dict[str, Adapter] = {
    PAGE: others.Page(),
    DINGTALK_ROBOT: dingtalk.Robot(),
    DINGTALK_WORK: dingtalk.Work(),
    WECOM_ROBOT: wecom.Robot(),
    WECOM_APP: wecom.App(),
    SMS: others.Sms(),
    MAIL: others.Mail(),
    OTHER: others.Other(),
}
"""Every adapter by the kind of channel (``models.CHANNEL_KINDS``)."""

LIMITS: dict[str, tuple[int, int]] = {
    PAGE: (1_000, 1),
    DINGTALK_ROBOT: (20, 60),
    DINGTALK_WORK: (20, 1),
    WECOM_ROBOT: (20, 60),
    WECOM_APP: (100, 60),
    SMS: (10, 1),
    MAIL: (60, 60),
    OTHER: (20, 60),
}
"""Calls within so many seconds that are made unless the town says otherwise: 20 a minute is the robots' documented limit."""


def repeatable(kind: str, settings: Mapping[str, Any]) -> int:
    """For how many seconds the channel itself drops the same message sent again."""
    if kind == SMS and not settings.get("key_field"):
        return 0
    return ADAPTERS[kind].repeatable
