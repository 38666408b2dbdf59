"""What `make package` does, a step a module. The spec and packaging/build.py put them in order."""
