"""Work after the commit: rows with a lease, retried until done or shown to people."""
