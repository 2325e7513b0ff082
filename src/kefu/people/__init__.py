"""Who talks to whom: customers and their identities, agents, teams, and what each may do."""
