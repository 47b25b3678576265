"""``pulsar-admin functions``: its flags, what it calls and what it prints."""
