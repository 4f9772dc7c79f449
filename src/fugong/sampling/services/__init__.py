"""The only writes of sampling: slots, orders and appointments, tubes, results, and laboratories' files."""
