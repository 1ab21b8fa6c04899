# SPDX-License-Identifier: MIT
"""A small convolutional network, and its training."""

from itertools import pairwise

import torch
from torch import nn

EPOCHS, BATCH, RATE = 12, 50, 3e-3


class Network(nn.Module):
    """Takes float32 (N, channels, H, W), and gives the scores of the classes, (N, classes)."""

    def __init__(self, channels, classes):
        super().__init__()
        widths = (channels, 16, 32, 64)
        layers = []
        for before, after in pairwise(widths):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.features = nn.Sequential(*layers)
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, images):
        return self.head(self.features(images).mean((2, 3)))


def train(images, labels, classes, seed):
    """Returns a network that was trained on images; the same seed gives the same start and the same batches."""
    torch.manual_seed(seed)
    network = Network(images.shape[1], classes)
    steps = EPOCHS * (len(images) // BATCH)
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        order = torch.randperm(len(images))
        for chosen in order[: len(images) // BATCH * BATCH].split(BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(images[chosen]), labels[chosen]).backward()
            optimizer.step()
            schedule.step()
    return network.eval()


def predict(network, images):
    """Returns the predicted classes."""
    with torch.inference_mode():
        return torch.cat([network(batch).argmax(1) for batch in images.split(200)])
