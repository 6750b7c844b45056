"""The desktop window: the same session and the same events as the command line, drawn with Qt."""
