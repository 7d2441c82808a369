"""Workbooks that are handed out: one module for each sheet."""
