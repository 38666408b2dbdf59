"""The practice account: the API's whole contract on loopback, where no text reaches anybody.

It knows nothing of the program but the names of the body fields, so that a mistake of the client cannot hide in it.
"""

KEY = "trk_" + "practice" * 4
"""The one key that it accepts. No secret: it opens nothing but a server on this machine."""
