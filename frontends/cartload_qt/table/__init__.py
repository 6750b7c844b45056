"""The table of the downloads: its rows without a window, the model Qt shows, and the widgets around it."""
