"""How messages travel: thin adapters, one folder a channel."""
