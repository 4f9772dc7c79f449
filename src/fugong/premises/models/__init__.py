"""Dormitories, what is disinfected, the canteen and the stores of an enterprise's sites.

That somebody lives, eats or was handed something is a fact; a bed, a seat and what is left on the shelf are rows.
``enterprise`` of a row is its site's, filled in by the database (migration 0002), so that lists can be narrowed by a plain
column; it is empty where the site is the town's own.
"""

from fugong.premises.models.canteen import MealSeat, MealShift, Table
from fugong.premises.models.dormitory import Absence, Bed, Lodging, Room
from fugong.premises.models.hygiene import Cleaning, Duty, Photo
from fugong.premises.models.stock import Movement, Shortfall, Stock, Use

__all__ = [
    "Absence", "Bed", "Cleaning", "Duty", "Lodging", "MealSeat", "MealShift", "Movement", "Photo", "Room", "Shortfall",
    "Stock", "Table", "Use",
]  # fmt: skip
