"""What the demo shows: invented people, and what they have asked and answered."""
