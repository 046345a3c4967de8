"""Display only."""
