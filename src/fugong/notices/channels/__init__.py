"""The ways by which notices reach people: one module an adapter, and what they have in common (``common``)."""
