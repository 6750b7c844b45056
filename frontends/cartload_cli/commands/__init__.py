"""One module for each command; ``cartload_cli.main`` imports the one that is called."""
