"""Benchmarks: `make bench`.

Each figure is a ratio to a reference of the same run; no test passes or fails by them.
"""
