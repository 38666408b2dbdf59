"""Contacts: fields, parsers of texts, and issues of what cannot be read.

A phone number, a date, an IP address or a consent is read, or refused with a reason, or asked about. It is never guessed:
an importer may fail to import a person, but it may not import another one.
"""
