"""Steps of `make package`, one module each; the spec and build.py call them."""
