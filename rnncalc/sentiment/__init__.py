"""Sentiment of tweets: from a file of tweets to a verdict, and to the arithmetic behind it."""
