"""What the doctor looks for: one small function for each mistake, one file for each area."""
