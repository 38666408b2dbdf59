"""Contacts and their rules: fields, parsers, validation, phones, dates."""
