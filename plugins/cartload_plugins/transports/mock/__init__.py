"""A scripted archive inside the process: no network, any size, and whatever trouble is asked for."""
