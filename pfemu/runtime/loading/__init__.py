"""How a function's code is found, imported and looked at before its first message; :mod:`pfemu.runtime.loader` is the way in."""
