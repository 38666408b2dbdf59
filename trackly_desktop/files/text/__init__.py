"""Text files as they come: their letters, their lines, their records."""
