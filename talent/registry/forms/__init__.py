"""What a curator types, and how it is read."""
