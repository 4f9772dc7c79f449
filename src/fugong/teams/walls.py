"""The second wall of the teams: who serves which patch is no secret."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall

WALLS = [Wall("teams_serviceteam", ("SELECT", "INSERT"), see=ANYBODY, write=ALL)]
