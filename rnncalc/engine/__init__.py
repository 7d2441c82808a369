"""The engine: the arithmetic of the trace, vectorised, for training at speed."""
