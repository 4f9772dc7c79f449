"""The only writes of notices."""
