"""The settings as a form, made from the attrs classes that read them."""
