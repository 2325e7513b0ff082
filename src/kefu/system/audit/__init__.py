"""What staff did, in a chain that shows any later change."""
