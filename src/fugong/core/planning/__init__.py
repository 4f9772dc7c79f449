"""Plans as plain data: what is asked (a problem), what is answered (a plan), and a checker that trusts no solver.

No Django, no clock, no I/O, no solver: those are in ``fugong.engines``. ``docs/planning.md`` says what is weighed against what.
"""
