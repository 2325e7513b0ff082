"""The help centre: what anyone may read."""
