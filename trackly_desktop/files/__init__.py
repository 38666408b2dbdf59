"""Readers of CSV files, workbooks and pasted tables."""
