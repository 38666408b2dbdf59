"""A file's rows -> contacts that may be sent, or their issues."""
