"""What `make bench-plans` measures: published instances of bus routes, and the rooms and test slots of the demo town."""
