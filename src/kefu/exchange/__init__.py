"""The port to the exchange: read accounts, deposits, withdrawals and orders; ask for a freeze; nothing else."""
