"""The practice account: the API's whole contract on loopback, without any text.

It shares the body fields' names with the program and nothing else: a mistake of the client cannot hide in it.
"""

KEY = "trk_" + "practice" * 4
"""The key it accepts; not a secret: it opens a server on this machine only."""
