"""What became of each row."""
