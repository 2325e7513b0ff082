"""The customer's own pages: conversation status, transcript, sign-in."""
