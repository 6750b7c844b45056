"""NBIA's download servlet: what the original desktop retriever talks to (series lists, TAR streams)."""
