"""What the frontends have in common: words, settings, credentials, the log and the report files."""
