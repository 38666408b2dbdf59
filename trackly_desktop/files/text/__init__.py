"""Text files: encodings, lines, records and dialects."""
