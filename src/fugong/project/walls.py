"""The walls of the installation's own tables."""

from __future__ import annotations

from fugong.base.walls import ANYBODY, Wall

WALLS = [Wall("project_taskrun", ("SELECT", "INSERT", "UPDATE"), ANYBODY, write="fugong_scope() = 'system'")]
