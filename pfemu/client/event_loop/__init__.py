"""``pulsar.asyncio`` on an emulator's broker."""
