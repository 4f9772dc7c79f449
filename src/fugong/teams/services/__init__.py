"""The only writes of the service teams: keyword-only functions, one transaction each."""

from __future__ import annotations

from fugong.teams.services.people import (
    add_member,
    add_team,
    end_member,
    name_leads,
    put_in_charge,
)

__all__ = ["add_member", "add_team", "end_member", "name_leads", "put_in_charge"]
