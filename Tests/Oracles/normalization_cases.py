"""Reference cases of normalizations."""
