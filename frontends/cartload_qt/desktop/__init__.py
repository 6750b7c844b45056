"""The desktop around the window: what it lacks for one, how a manifest gets to it, what it is told."""
