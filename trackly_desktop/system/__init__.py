"""The program on its computer: paths, logs, version, licenses, locks."""
