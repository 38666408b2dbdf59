"""The do-not-text page: the suppression list."""
