"""Fugong (复工): hold an outbreak down and bring people back to work."""

__version__ = "0.2.0"
