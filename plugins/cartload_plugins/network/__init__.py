"""HTTP as plugins need it: verified, bounded, told in plain words, and stopped at once."""
