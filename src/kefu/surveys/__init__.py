"""What customers think of the help they got."""
