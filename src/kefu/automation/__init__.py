"""What the desk prepares once and uses often: views, macros, rules."""
