"""What receives: consumers of one topic or several, readers, table views; their queues, acknowledgements and redeliveries."""
