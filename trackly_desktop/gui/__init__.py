"""The window: Qt Widgets only."""

from trackly_desktop.gui.no_features import say_so

say_so()
