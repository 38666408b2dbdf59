"""The window: Qt Widgets only."""

from trackly_desktop.gui.pyside_startup import disable_feature_scan

disable_feature_scan()
