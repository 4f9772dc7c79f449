"""The language in which a measure is written: its form, the closed list of conditions, how it is read and evaluated."""
