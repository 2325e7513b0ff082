"""The chat window: embedded in any site, or as a page."""
