"""Jobs that the window and the commands share: connect, validate, deliver, undo."""
