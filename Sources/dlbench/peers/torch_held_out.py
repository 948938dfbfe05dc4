"""The held-out networks in PyTorch."""

import torch
from torch import nn
import torch.nn.functional as F

from products import SEPARABLE, STAGES
from workloads import PERCEPTRON, WORDS


def pair(inputs, outputs):
    """Two convolutions of 3x3."""
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1), nn.ReLU()]


def vgg():
    return nn.Sequential(
        *pair(3, 64), nn.MaxPool2d(2), *pair(64, 128), nn.MaxPool2d(2), *pair(128, 256),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4096, 512), nn.ReLU(), nn.Linear(512, 10))


def normalized(inputs, outputs, size=3, stride=1, groups=1):
    """A convolution with batch normalization."""
    return [nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False),
            nn.BatchNorm2d(outputs)]


def mobilenet():
    """Howard et al. 2017, for 32x32 images."""
    layers = [*normalized(3, 32), nn.ReLU()]
    for inputs, outputs, stride in SEPARABLE:
        layers += [*normalized(inputs, inputs, stride=stride, groups=inputs), nn.ReLU(),
                   *normalized(inputs, outputs, 1), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


class Residual(nn.Module):
    """relu(shortcut(x) + bn(conv(relu(bn(conv(x))))))"""

    def __init__(self, inputs, outputs):
        super().__init__()
        stride = 1 if inputs == outputs else 2
        self.body = nn.Sequential(*normalized(inputs, outputs, 3, stride), nn.ReLU(),
                                  *normalized(outputs, outputs))
        self.shortcut = nn.Sequential(*normalized(inputs, outputs, 1, 2) if stride > 1 else [])

    def forward(self, x):
        return F.relu(self.shortcut(x) + self.body(x))


def resnet18():
    """He et al. 2016, for 32x32 images."""
    layers = [*normalized(3, 64), nn.ReLU()]
    for _, inputs, outputs in STAGES:
        layers += [Residual(inputs, outputs), Residual(outputs, outputs)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


class UNet(nn.Module):
    """Ronneberger et al. 2015, with two halvings."""

    def __init__(self):
        super().__init__()
        self.fine, self.medium = nn.Sequential(*pair(1, 16)), nn.Sequential(*pair(16, 32))
        self.coarse = nn.Sequential(*pair(32, 64))
        self.double2, self.double1 = (nn.ConvTranspose2d(2 * width, width, 2, 2)
                                      for width in (32, 16))
        self.up2, self.up1 = nn.Sequential(*pair(64, 32)), nn.Sequential(*pair(32, 16))
        self.scores = nn.Conv2d(16, 4, 1)

    def forward(self, x):
        fine = self.fine(x)
        medium = self.medium(F.max_pool2d(fine, 2))
        coarse = self.coarse(F.max_pool2d(medium, 2))
        medium = self.up2(torch.cat([medium, self.double2(coarse)], 1))
        return self.scores(self.up1(torch.cat([fine, self.double1(medium)], 1)))


def conv1d():
    return nn.Sequential(
        nn.Conv1d(8, 32, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2),
        nn.Conv1d(64, 128, 3, padding=1), nn.ReLU(), nn.AdaptiveAvgPool1d(1), nn.Flatten(),
        nn.Linear(128, 10))


def perceptron(hidden):
    """`hidden(width)` makes the layers after each hidden linear layer."""
    modules = []
    for inputs, outputs in zip(PERCEPTRON[:-1], PERCEPTRON[1:-1]):
        modules += [nn.Linear(inputs, outputs), *hidden(outputs)]
    return nn.Sequential(*modules, nn.Linear(*PERCEPTRON[-2:]))


def mlp_norm():
    return perceptron(lambda width: [nn.LayerNorm(width), nn.GELU(), nn.Dropout(0.1)])


def mlp_gelu():
    return perceptron(lambda width: [nn.GELU()])


def mlp_batchnorm():
    return perceptron(lambda width: [nn.BatchNorm1d(width), nn.ReLU()])


def embedding():
    return nn.Sequential(nn.Embedding(WORDS, 32), nn.Flatten(), nn.Linear(256, 256), nn.ReLU(),
                         nn.Linear(256, 10))


NETWORKS = {"vgg": vgg, "mobilenet": mobilenet, "resnet18": resnet18, "unet": UNet,
            "conv1d": conv1d, "mlp_norm": mlp_norm, "mlp_gelu": mlp_gelu,
            "mlp_batchnorm": mlp_batchnorm, "embedding": embedding}
