"""Sentiment of tweets: reading and cleaning them, their vocabulary, the classifier, and what it is measured by."""
