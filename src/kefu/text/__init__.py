"""Pure functions over text: no Django, no files but their own data, no clock."""
