"""The command `pulsar-admin functions`: its flags, and the configuration that it makes of them."""
