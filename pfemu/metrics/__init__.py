"""What the runtime counted, in Pulsar's own names."""
