"""Hot reload as ``pfemu run`` uses it: of each function, and of the run."""
