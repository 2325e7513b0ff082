"""Where editors write and administrators set up."""
