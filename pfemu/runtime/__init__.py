"""Pulsar Functions: instances, their context, state and statistics. Knows ports and values only."""
