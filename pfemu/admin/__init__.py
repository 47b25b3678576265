"""Pulsar's admin API: a translator of calls to the worker and the broker. It holds no rules of its own, and no server."""
