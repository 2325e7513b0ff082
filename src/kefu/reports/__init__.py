"""Figures of the support: rolled up by day, drilled down to the conversations."""
