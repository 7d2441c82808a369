"""Where problems come from: templates, drawn weights, saved weights, and what a command line means."""
