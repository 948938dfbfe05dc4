"""Reference cases of convolution, pooling and batch normalization."""
