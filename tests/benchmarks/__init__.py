"""Speed, measured: `make bench`. Each figure is a ratio to a reference of the same run; nothing here is a test's verdict."""
