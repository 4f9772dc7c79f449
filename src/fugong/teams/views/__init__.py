"""Pages of the service teams."""
