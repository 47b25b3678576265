"""Hot reload: what changed on disk, and new code between two messages; :mod:`pfemu.reload.reloader` puts the parts together."""
