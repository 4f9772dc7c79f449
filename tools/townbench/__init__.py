"""What ``tools/bench_town.py`` is made of: a town with rows in every list, the pages found by their addresses, bulk work."""
