"""The walls of the installation's own tables."""

from __future__ import annotations

from fugong.base.walls import Wall

WALLS = [Wall("project_taskrun", ("SELECT", "INSERT", "UPDATE"), "true", write="fugong_scope() = 'system'")]
