"""The ticket form: what is reported there is answered on the ticket's page and by mail."""
