"""Trackly Desktop: add contacts to TracklySMS, one at a time or from files."""

__version__ = "0.1.0"
