"""How a subscription shares its messages among its consumers: one dispatcher for each kind of subscription."""
