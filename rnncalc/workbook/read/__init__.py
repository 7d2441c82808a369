"""Workbooks that come back: a stranger's file read within limits, and the answers in it."""
