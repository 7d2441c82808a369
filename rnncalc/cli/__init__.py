"""The command line: one module per command family. A command parses, calls one function, renders its result."""
