"""The network: what is given, the passes over it, and the trace of quantities that they make."""
