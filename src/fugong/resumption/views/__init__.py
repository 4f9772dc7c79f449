"""Pages of resumption."""
