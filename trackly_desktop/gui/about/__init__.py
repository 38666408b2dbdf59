"""The page of the program itself."""
