"""The functions worker: what it keeps of functions, starts, restarts and refuses."""
