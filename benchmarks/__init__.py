"""How fast cartload is, as ratios against what a scripted user gets, measured in one interleaved run.

``python -m benchmarks`` runs every case, ``python -m benchmarks whole memory`` some of them. Nothing
here is a test: the figures depend on the machine, the ratios much less so.
"""
