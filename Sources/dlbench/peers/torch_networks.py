"""The named networks in PyTorch."""

import torch
from torch import nn
import torch.nn.functional as F

import torch_held_out


def lenet():
    """Caffe's LeNet."""
    return nn.Sequential(
        nn.Conv2d(1, 20, 5), nn.MaxPool2d(2), nn.Conv2d(20, 50, 5), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(800, 500), nn.ReLU(), nn.Linear(500, 10))


def cifar_quick():
    """Caffe's CIFAR-10-quick."""
    def convolution(inputs, outputs):
        return nn.Conv2d(inputs, outputs, 5, padding=2)

    def average():
        return nn.AvgPool2d(3, 2, ceil_mode=True)
    return nn.Sequential(
        convolution(3, 32), nn.MaxPool2d(3, 2, ceil_mode=True), nn.ReLU(),
        convolution(32, 32), nn.ReLU(), average(), convolution(32, 64), nn.ReLU(), average(),
        nn.Flatten(), nn.Linear(1024, 64), nn.Linear(64, 10))


class Residual(nn.Module):
    """relu(x + bn(conv(relu(bn(conv(x)))))); x subsampled and padded with zero channels to fit."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.stride, self.padding = stride, (outputs - inputs) // 2
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.body(x)
        if self.padding:
            x = F.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.padding, self.padding))
        return F.relu(x + y)


def resnet20():
    """He et al. 2016, for 32x32 images, shortcuts without weights."""
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    channels = 16
    for width in (16, 32, 64):
        for index in range(3):
            layers.append(Residual(channels, width, 2 if index == 0 and width > 16 else 1))
            channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


NETWORKS = {"lenet": lenet, "cifar_quick": cifar_quick, "resnet20": resnet20,
            **torch_held_out.NETWORKS}
