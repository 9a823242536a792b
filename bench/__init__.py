"""How fast and how heavy it is, measured against the least that the same server could do."""
