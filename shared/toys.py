"""Small networks that watch how they are trained and evaluated; shared.rehearsal uses them.

They have a module of their own because they need PyTorch, which the grader's process never loads.
"""

from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

CLASSES = 10


class Watched(nn.Module):
    """A linear network on the means of three channels, (B, 3, h, w) → (B, 10), that keeps a diary.

    diary: for each call the `images` by their numbers (see `shared.rehearsal.marked`), whether the network was in
    `training` mode with all of its parts, whether the logits had a `graph`, the `weights` before it, and the
    `gradient` of the loss by the logits, which is None where none came back.
    interrupt_after: how many calls may get a gradient before the next one raises KeyboardInterrupt; None: any number.
    """

    def __init__(self, number: int = 0, interrupt_after: int | None = None) -> None:
        super().__init__()
        self.diary: list[dict[str, Any]] = []
        self.interrupt_after = interrupt_after
        self.build()
        generator = torch.Generator().manual_seed(number)
        with torch.no_grad():
            for weights in self.parameters():
                weights.copy_(0.4 * torch.randn(weights.shape, generator=generator))

    def build(self) -> None:
        """Make the layers."""
        self.out = nn.Linear(3, CLASSES, dtype=torch.float32)

    def logits(self, means: Tensor) -> Tensor:
        """(B, 3) → (B, 10)."""
        return self.out(means)

    def forward(self, x: Tensor) -> Tensor:
        """Compute the logits, and write down how that came about."""
        if self.interrupt_after is not None and len(self.learned_from()) >= self.interrupt_after:
            raise KeyboardInterrupt
        means = x.flatten(2).mean(dim=2)
        before = self.weights()
        logits = self.logits(means)
        entry = {
            "images": numbers(means),
            "training": all(part.training for part in self.modules()),
            "graph": logits.requires_grad,
            "weights": before,
            "gradient": None,
        }
        self.diary.append(entry)
        if logits.requires_grad:
            logits.register_hook(partial(_write_down, entry))
        return logits

    def learned_from(self) -> list[dict[str, Any]]:
        """The entries of the calls that got a gradient: one for each step of the training."""
        return [entry for entry in self.diary if entry["gradient"] is not None]

    def weights(self) -> np.ndarray:
        """All parameters in one row."""
        return torch.cat([weights.detach().flatten() for weights in self.parameters()]).cpu().numpy().copy()

    def state(self) -> np.ndarray:
        """All parameters and buffers in one row."""
        return torch.cat([values.detach().flatten().double() for values in self.state_dict().values()]).cpu().numpy()


class Stateful(Watched):
    """One with batch norm and dropout, whose logits depend on the mode and on luck."""

    def build(self) -> None:
        """Make the layers."""
        self.hidden = nn.Linear(3, 12, bias=False, dtype=torch.float32)  # batch norm would take a bias off again
        self.norm = nn.BatchNorm1d(12, dtype=torch.float32)
        self.dropout = nn.Dropout(0.3)
        self.out = nn.Linear(12, CLASSES, dtype=torch.float32)

    def logits(self, means: Tensor) -> Tensor:
        """(B, 3) → (B, 10)."""
        return self.out(self.dropout(self.norm(self.hidden(means)).relu()))


def _write_down(entry: dict[str, Any], gradient: Tensor) -> None:
    """Add the gradient that came back to the entry of its call."""
    new = gradient.detach().cpu().double().numpy().copy()
    entry["gradient"] = new if entry["gradient"] is None else entry["gradient"] + new


def numbers(means: Tensor) -> np.ndarray:
    """The numbers (B,) of images by the means (B, 3) of their channels."""
    codes = ((means.detach()[:, 0] + 1) * 64 - 0.5).round().long().cpu().numpy()
    return codes * 45 % 128  # 37 * 45 = 1 modulo 128


class Reader(nn.Module):
    """A network (B, c, h, w) → (B, 10) that classifies an image by its first pixel: class k where that is k / 10.

    In training mode batch norm and dropout spoil its answers. calls: for each call the size of the batch, whether it
    was in `training` mode in any of its parts, and whether the logits had a `graph`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(1, affine=False, dtype=torch.float32)  # in eval mode of mean 0 and variance 1
        self.dropout = nn.Dropout(0.9)
        self.steep = nn.Parameter(torch.tensor(100.0))
        self.calls: list[dict[str, Any]] = []

    def forward(self, x: Tensor) -> Tensor:
        """Classify, and write down how that came about."""
        code = self.norm(x.flatten(1)[:, None])[:, 0, :1]
        classes = torch.arange(CLASSES, device=x.device) / CLASSES
        logits = -self.steep * (self.dropout(code) - classes) ** 2
        training = any(part.training for part in self.modules())
        self.calls.append({"size": len(x), "training": training, "graph": logits.requires_grad})
        return logits
