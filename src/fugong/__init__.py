"""Fugong (复工): hold an outbreak down and bring people back to work."""

__version__ = "0.5.0"
"""The newest version of ``CHANGELOG.md``; everything else asks here."""
