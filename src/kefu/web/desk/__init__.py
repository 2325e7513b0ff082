"""The agents' desk and the supervisor's board."""
