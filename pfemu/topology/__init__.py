"""Which functions read and write which topics, and pictures of it."""
