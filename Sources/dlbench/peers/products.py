"""The products of the named networks: PRODUCTS[name] has the multiply-adds of every layer for one
example, in the order of computation.
"""

# Inputs and outputs of MobileNet's blocks, and the stride of their depthwise convolution.
SEPARABLE = [(32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2)]
# Pixels, inputs and outputs of ResNet-18's stages.
STAGES = [(1024, 64, 64), (256, 64, 128), (64, 128, 256), (16, 256, 512)]


def separable():
    """Depthwise convolutions, each with its pointwise one."""
    pixels, products = 1024, []
    for inputs, outputs, stride in SEPARABLE:
        pixels //= stride * stride
        products += [pixels * inputs * 9, pixels * inputs * outputs]
    return products


def stage(pixels, inputs, outputs):
    """Two residual blocks, with a projection if they change the width."""
    projection = [] if inputs == outputs else [pixels * inputs * outputs]
    return [pixels * inputs * outputs * 9, *projection] + [pixels * outputs * outputs * 9] * 3


PRODUCTS = {
    "lenet": [24 * 24 * 20 * 25, 8 * 8 * 50 * 500, 800 * 500, 500 * 10],
    "cifar_quick": [1024 * 32 * 75, 256 * 32 * 800, 64 * 64 * 800, 1024 * 64, 64 * 10],
    "resnet20": [1024 * 16 * 27] + [1024 * 16 * 144] * 6 + [256 * 32 * 144] + [256 * 32 * 288] * 5
    + [64 * 64 * 288] + [64 * 64 * 576] * 5 + [64 * 10],
    "vgg": [1024 * 64 * 27, 1024 * 64 * 576, 256 * 128 * 576, 256 * 128 * 1152, 64 * 256 * 1152,
            64 * 256 * 2304, 4096 * 512, 512 * 10],
    "mobilenet": [1024 * 32 * 27, *separable(), 512 * 10],
    "resnet18": [1024 * 64 * 27] + [product for row in STAGES for product in stage(*row)]
    + [512 * 10],
    "unet": [4096 * 16 * 9, 4096 * 16 * 144, 1024 * 32 * 144, 1024 * 32 * 288, 256 * 64 * 288,
             256 * 64 * 576, 256 * 64 * 32 * 4, 1024 * 32 * 576, 1024 * 32 * 288,
             1024 * 32 * 16 * 4, 4096 * 16 * 288, 4096 * 16 * 144, 4096 * 16 * 4],
    "conv1d": [256 * 32 * 40, 128 * 64 * 160, 64 * 128 * 192, 128 * 10],
    # The first layer only copies words, and the second has an input gradient.
    "embedding": [0, 256 * 256, 256 * 10],
}
