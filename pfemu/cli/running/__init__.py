"""A run: its functions, what feeds them, and where their outputs go."""
