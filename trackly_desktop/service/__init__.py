"""Jobs that the window and the commands share: open an account, deliver a run, add one contact, undo."""
