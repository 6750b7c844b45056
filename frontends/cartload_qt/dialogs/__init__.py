"""The dialogs: each is opened without waiting for it, and tells its answer by a signal, once."""
