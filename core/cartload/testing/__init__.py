"""The test kit for whoever writes a plugin or embeds cartload; nothing in it is needed to run cartload.

- ``contracts``: one class of tests for each port; a plugin's test is a subclass with a fixture or two.
- ``staged``: builders of records, carts and staged series, for tests of storages.
- ``fakes``: a clock that stands still, a listener that remembers, a transport without a network.
- ``archive``, ``catalogue``, ``catalogue_files``, ``images``: a synthetic archive of DICOM images.

Only ``contracts`` needs pytest, and nothing is imported until it is asked for.
"""
