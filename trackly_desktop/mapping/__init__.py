"""Columns -> fields: aliases, profiles, consent columns, countries, presets."""
