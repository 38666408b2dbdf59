"""The client of Trackly's API: request in, Reply out. The only place that knows HTTP."""
