"""Plugins that come with cartload, on the terms of a third party's."""
