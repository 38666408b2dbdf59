"""Chaos tests: runs ended at random times, with a seed that is printed."""
