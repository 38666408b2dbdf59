"""Adding one contact by hand."""
