"""Two files with one document: an enterprise added somebody whom it does not see, and the town says who that is."""
