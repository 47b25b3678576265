"""Flags that several commands take, and what they come to as values."""
