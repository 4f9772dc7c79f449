"""Plans of journeys: places, vehicles, trips with their seats, who asks for one; and campaigns of surveys.

What happened (a survey, a seat that was promised, who got on, who arrived) is in the ledger; these rows are what may still
change, and what keeps the plan possible: see the constraints here and in ``migrations/0002``.
"""

from fugong.journeys.models.seats import LETTERS, Booking, SeatRequest, seat_name
from fugong.journeys.models.seen import HeadCount, Sighting
from fugong.journeys.models.survey import Campaign, Reminder
from fugong.journeys.models.trip import BUS, MODES, MOST_SEATS, PLANE, TRAIN, Place, Trip, TripStop, Vehicle

__all__ = [
    "BUS", "LETTERS", "MODES", "MOST_SEATS", "PLANE", "TRAIN", "Booking", "Campaign", "HeadCount", "Place", "Reminder",
    "SeatRequest", "Sighting", "Trip", "TripStop", "Vehicle", "seat_name",
]  # fmt: skip
