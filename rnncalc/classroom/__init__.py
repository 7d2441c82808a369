"""A class: its assignments, who handed in what, the marks, the gradebooks and the feedback."""
