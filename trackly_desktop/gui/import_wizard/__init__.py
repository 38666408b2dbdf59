"""The import of a file, step by step."""
