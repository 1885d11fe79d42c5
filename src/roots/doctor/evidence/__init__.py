"""What the doctor looks at: read once, when a rule first asks, and never changed."""
