"""Readers of CSV files and workbooks."""
