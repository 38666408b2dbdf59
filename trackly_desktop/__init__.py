"""Trackly Desktop: add contacts to TracklySMS one at a time, or import them from files, safely."""

__version__ = "0.1.0"
