"""Documents as LaTeX that needs amsmath alone, set to the width of a page."""
