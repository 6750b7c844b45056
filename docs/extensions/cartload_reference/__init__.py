"""The reference pages, written from the code itself so that nothing is said twice.

Every module but ``extension`` only makes Markdown or SVG text and needs no Sphinx, so that the tests can
check the same text that the pages show.
"""
