"""The only writes of observation sites: rooms, stays, rounds, day book and staff."""
