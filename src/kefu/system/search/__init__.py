"""Full text over conversations, on either database."""
