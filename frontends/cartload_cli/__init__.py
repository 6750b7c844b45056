"""cartload at the terminal."""
