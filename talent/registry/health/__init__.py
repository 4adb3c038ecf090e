"""Data health: what looks wrong about the record, found at night, for curators to put right."""
