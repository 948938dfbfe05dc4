"""Reference cases of losses and metrics."""
