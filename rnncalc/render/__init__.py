"""A trace as text: one module per format. All of them read the same pictures (rnncalc.network.pictures)."""
