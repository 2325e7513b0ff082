"""One fault that many customers report: known everywhere at once, answered together."""
