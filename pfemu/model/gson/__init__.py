"""JSON as Gson reads and writes it, which the command and the worker use."""
