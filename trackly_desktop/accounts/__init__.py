"""Accounts and their keys in the OS keyring."""
