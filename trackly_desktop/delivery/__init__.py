"""Rows of a run -> outcomes: sends what is due, retries, records."""
