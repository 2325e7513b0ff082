"""One's own account: signing in, passwords and second factors of staff, devices and sign-ins of everybody."""
