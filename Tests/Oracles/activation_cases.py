"""Reference cases of elementwise functions and noise."""
