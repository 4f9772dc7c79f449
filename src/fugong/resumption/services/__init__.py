"""The only writes of resumption."""
