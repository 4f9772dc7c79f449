"""Passes: a CBOR Web Token in a QR code, on the worker's phone or on a printed badge.

``passes.read(text, now=…)`` says what a scanned pass is; the rest is in this package's modules.
"""

from __future__ import annotations

from fugong.doors.passes.reading import PassRead, read

__all__ = ["PassRead", "read"]
