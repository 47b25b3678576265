"""Calls about topics: partitions, subscriptions, stored messages, schemas and policies."""
