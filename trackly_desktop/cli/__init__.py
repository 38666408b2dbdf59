"""The program's jobs without a window, on the same engine."""
