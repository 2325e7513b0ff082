"""The core: every word a customer says or hears is a message in a conversation."""
