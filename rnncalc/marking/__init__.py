"""Marking: answers held against a trace, and the mistakes that explain the wrong ones."""
