"""Pages for people; the audiences know nothing of each other."""
