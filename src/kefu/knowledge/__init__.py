"""What the help centre publishes: articles, announcements, terms."""
