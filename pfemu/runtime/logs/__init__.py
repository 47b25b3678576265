"""What user code logs and prints: taken, and handed to whoever has it."""
