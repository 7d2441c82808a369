"""Homework: answers held against a trace, the mistakes that people make, and the verdicts."""
