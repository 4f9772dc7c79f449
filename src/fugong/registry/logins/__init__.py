"""Logins for the town's people: who has one, for which enterprise or worker, and giving, renewing and closing them."""
