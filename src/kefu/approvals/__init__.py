"""Four eyes: acts that a second person must agree to before they happen."""
