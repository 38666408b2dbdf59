"""The page of those who are never texted."""
