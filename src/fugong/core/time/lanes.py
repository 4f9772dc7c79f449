"""How wide a subject's part of the one timeline is."""

LANE = 1 << 36
"""Width of a subject's lane, in seconds."""
