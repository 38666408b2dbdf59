"""The window: Qt Widgets only."""

from trackly_desktop.gui.pyside_startup import say_so

say_so()
