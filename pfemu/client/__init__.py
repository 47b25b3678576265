"""The half of Pulsar that lives in its client library."""
