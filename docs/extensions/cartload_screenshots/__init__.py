"""Takes the documentation's pictures of the window: ``tox -e screenshots``.

They show the application itself, at work on a cart of a synthetic archive.
"""
