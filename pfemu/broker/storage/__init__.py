"""What a topic stores: its ledger, the cursors in it, and its compacted form."""
