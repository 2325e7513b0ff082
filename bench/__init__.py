"""Measurements, one file per subject; ``./kefu bench`` prints them as one table."""
