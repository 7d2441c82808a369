"""Hints at where the numbers of files may have come from."""
