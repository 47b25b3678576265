"""What a user is to be warned of: settings that a cluster ignores, and what happens on one without a word."""
