"""What stands in the two enterprises' world, by family of apps; each function gives one side its own rows."""
