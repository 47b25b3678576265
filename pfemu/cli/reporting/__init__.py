"""What is said of a run: outputs, notes, events, the summary."""
