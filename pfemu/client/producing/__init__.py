"""What sends: a producer and its partitions, batches, routing and limits."""
