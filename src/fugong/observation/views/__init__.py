"""Pages of observation sites: the board, one stay, rounds, the desk, and what the town plans."""
