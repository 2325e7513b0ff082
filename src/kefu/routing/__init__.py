"""The queue and who serves it next."""
