"""Client of Trackly's API: a request in, a SendResult out. All HTTP is in here."""
