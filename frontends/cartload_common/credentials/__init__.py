"""Where a user's name and password come from: each source is a module, and ``chain`` has their order."""
