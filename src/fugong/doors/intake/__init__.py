"""What devices send: checks and what belongs to them, many at once, each answered for itself."""
