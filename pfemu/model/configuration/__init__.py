"""What people write about a function, and how it is read: YAML, JSON, the command's flags."""
