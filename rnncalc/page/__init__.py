"""The live page: one HTML file in which every number of a network is computed in the browser."""
