"""Tweets: reading and cleaning them, and the classifier of their sentiment."""
