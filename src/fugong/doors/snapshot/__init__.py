"""What a device holds of its door: who may come, the rules, and what it needs to believe and to say."""
