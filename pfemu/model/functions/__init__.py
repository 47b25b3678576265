"""What the worker makes of a function's configuration: validated, resolved, registered, read back."""
