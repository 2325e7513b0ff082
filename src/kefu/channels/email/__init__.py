"""Mail out: what support says in a conversation that nobody watches live."""
