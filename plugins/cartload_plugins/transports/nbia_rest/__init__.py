"""NBIA's REST services: what the original command line and most scripts talk to (tables, ZIP streams)."""
