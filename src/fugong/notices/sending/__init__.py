"""Working off what is queued: who is due, how fast, what came of it, and who has read it."""
