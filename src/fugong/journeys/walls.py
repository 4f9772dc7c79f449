"""The second wall of journeys: a trip is seen at its destination and by whoever sees one of its passengers."""

from __future__ import annotations

from fugong.base.walls import ALL, ANYBODY, Wall, about, readable

_TRIPS = "trip_id IN (SELECT t.id FROM journeys_trip AS t)"  # the wall of the trips stands before this one
_OWN_CAMPAIGNS = about("enterprise_id")
_ASKED = f"({ANYBODY} AND enterprise_id IS NULL) OR {readable('enterprise_id')}"

WALLS = [
    Wall("journeys_place", ("SELECT", "INSERT", "UPDATE"), see=ANYBODY, write=ALL),
    Wall("journeys_vehicle", ("SELECT", "INSERT", "UPDATE"), see=ALL),
    Wall(
        "journeys_trip", ("SELECT", "INSERT", "UPDATE"),
        see=f"{about('site_id')} OR id IN (SELECT b.trip_id FROM journeys_booking AS b)", add=ALL,
        change=(
            "carrier", "vehicle", "origin_division", "site_id", "departs", "arrives", "rated_seats", "rows", "columns",
            "places", "last_row", "sealed", "state", "locked", "by_planning", "cost_fen", "subsidy_fen", "words", "departed_at",
            "arrived_at", "disinfected_at", "disinfection", "released_at",
        ),
    ),
    Wall("journeys_tripstop", ("SELECT", "INSERT", "UPDATE", "DELETE"), see=f"{ALL} OR {_TRIPS}", write=ALL),
    Wall(
        "journeys_booking", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"), audited="worker_id",
        change=(
            "stop_id", "state", "seat_row", "seat_column", "place_number", "fact", "boarded_at", "checked_in_at", "isolated_at",
        ),
    ),
    Wall(
        "journeys_sighting", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"), audited="worker_id",
        change=("state", "told_who", "told_words", "told_at", "seen_words", "seen_at", "seen_by_id"),
    ),
    Wall(
        "journeys_seatrequest", ("SELECT", "INSERT", "UPDATE"), see=about("worker_id"), audited="worker_id",
        change=("state", "trip_id", "site_id", "place_id", "day", "words"),
    ),
    Wall("journeys_headcount", ("SELECT", "INSERT"), see=f"{ALL} OR {_TRIPS}"),
    Wall(
        "journeys_campaign", ("SELECT", "INSERT", "UPDATE"), see=_ASKED,
        write=_OWN_CAMPAIGNS, change=("title", "closes"),
    ),
    Wall("journeys_reminder", ("SELECT", "INSERT"), see=about("worker_id"), audited="worker_id"),
]  # fmt: skip
