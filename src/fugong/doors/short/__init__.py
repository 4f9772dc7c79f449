"""The short way of a decision: what ``api_checks.decide`` does to an ordinary check of a device, in two turns to the database.

A device that holds no snapshot asks for each person who stands before it. Nearly always the person is on the list, was not
checked under this id before, and has a usual temperature, which changes nothing that is stored of them. Then everything
is known after one look, and written by one statement. Where it does change what is stored, the check goes to those who take
in every check (``intake``); whatever else is different is left to the long way, before anything was written: the two say and
store the same (``tests/doors/test_short_way.py``).
"""
