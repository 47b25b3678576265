"""From bytes to values and back: SerDes and schemas, and how values are shown."""
