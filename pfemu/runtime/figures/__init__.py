"""What an instance counts, and what user code has prometheus_client count."""
