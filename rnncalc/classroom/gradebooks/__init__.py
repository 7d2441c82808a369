"""Finished grades as the files that gradebooks take: text in, text out; one module for each system."""
