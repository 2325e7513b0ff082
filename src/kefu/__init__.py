"""Kefu: customer support for digital-asset exchanges, on one conversation core."""

__version__ = "0.1.0"
