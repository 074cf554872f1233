"""torchvision with the CPU build of PyTorch."""

import subprocess
import sys

import pytest

from autograder.policy import KIT

PROGRAM = """
from shared.vision import torchvision
vision = torchvision()
assert torchvision() is vision
import torch
image = vision.transforms.Normalize((0.5,), (0.5,))(torch.ones(1, 4, 4))
assert image.tolist() == torch.ones(1, 4, 4).tolist()
assert vision.datasets.MNIST and vision.datasets.CIFAR10
"""


def test_torchvision_imports_and_transforms():
    pytest.importorskip("torch")
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=KIT, check=True)
