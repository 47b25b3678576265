"""Values: names, ids, messages, configurations. Nothing here knows anything of the rest."""
