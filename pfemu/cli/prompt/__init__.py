"""A run on a terminal: the prompt and its commands."""
