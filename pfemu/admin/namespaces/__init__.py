"""Calls about namespaces: what they are, and which policies they have."""
