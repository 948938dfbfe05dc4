"""Reference cases of layers that move elements."""
