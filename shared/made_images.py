"""Small sets of made images, in the shapes of MNIST and CIFAR-10: for trying code where the real ones can't be had.

They are drawn from seeds of their own: the same each time, and all other random numbers stay as they were.
"""

import math
from collections.abc import Callable

import torch
from torch.nn import functional

CHUNK = 250  # images drawn at a time, which bounds the memory
Draw = Callable[[torch.Tensor, torch.Generator], torch.Tensor]  # labels → images, numbers from 0 to 255

SMALL_FONT = (  # the digits 0 to 9, in five columns and seven rows
    "01110 10001 10011 10101 11001 10001 01110",
    "00100 01100 00100 00100 00100 00100 01110",
    "01110 10001 00001 00010 00100 01000 11111",
    "11111 00010 00100 00010 00001 10001 01110",
    "00010 00110 01010 10010 11111 00010 00010",
    "11111 10000 11110 00001 00001 10001 01110",
    "00110 01000 10000 11110 10001 10001 01110",
    "11111 00001 00010 00100 01000 01000 01000",
    "01110 10001 10001 01110 10001 10001 01110",
    "01110 10001 10001 01111 00001 00010 01100",
)


def digits(n: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Printed digits, turned, stretched and moved: uint8 (n, 1, 28, 28), and which digits they are."""
    rows = [[[float(bit) for bit in row] for row in letter.split()] for letter in SMALL_FONT]
    letters = functional.pad(torch.tensor(rows)[:, None], (2, 3, 2, 1))  # (10, 1, 10, 10)
    letters = functional.interpolate(letters, size=(28, 28), mode="bilinear")

    def draw(labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        n = len(labels)
        angle, slant = 0.2 * torch.randn(2, n, generator=generator)
        width, height = 0.8 + 0.5 * torch.rand(2, n, generator=generator)
        moves = 0.3 * torch.rand(n, 2, generator=generator) - 0.15
        across = torch.stack([width * angle.cos(), slant - width * angle.sin()], dim=1)
        down = torch.stack([height * angle.sin(), height * angle.cos()], dim=1)
        maps = torch.cat([torch.stack([across, down], dim=1), moves[:, :, None]], dim=2)  # (n, 2, 3)
        grid = functional.affine_grid(maps, [n, 1, 28, 28], align_corners=False)
        ink = functional.grid_sample(letters[labels], grid, align_corners=False)
        ink = ((ink - 0.25) * 3).clamp(0, 1) + 0.08 * torch.randn(n, 1, 28, 28, generator=generator)
        return ink.clamp_(0, 1).mul_(255)

    return _drawn(n, seed, (1, 28, 28), draw)


def pictures(n: int, seed: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Coloured images of ten kinds: uint8 (n, 3, 32, 32), and which kinds they are.

    Three things tell the kinds apart, so that better networks find more of them, as in photographs:
    - the background leans to colours of its kind, which a linear function of the pixels sees;
    - a layout of its kind is added to it or, as often, subtracted, which takes hidden units;
    - somewhere lies a disc with stripes in the direction, width and colour of its kind, which takes filters.
    Some backgrounds and some discs are those of another kind, so that nothing gets all of them right.
    """
    fixed = torch.Generator().manual_seed(2)  # what the kinds look like, in every set
    hints = _smooth(torch.randn(10, 3, 2, 2, generator=fixed))
    layouts = _smooth(torch.randn(10, 3, 3, 3, generator=fixed))
    layouts -= layouts.mean(dim=(2, 3), keepdim=True)
    colours = 1.7 * functional.normalize(torch.randn(10, 3, generator=fixed), dim=1)
    directions = torch.arange(10) * (math.pi / 10)
    frequencies = torch.tensor([0.9, 1.4] * 5)
    place = torch.arange(32.0)

    def draw(labels: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        n = len(labels)
        behind, worn = _some_others(labels, 0.4, generator), _some_others(labels, 0.15, generator)
        sign = torch.randint(2, (n, 1, 1, 1), generator=generator) * 2.0 - 1
        images = _smooth(torch.randn(n, 3, 4, 4, generator=generator))
        images += 0.3 * hints[behind] + 0.6 * sign * layouts[behind]
        x, y = 6 + 20 * torch.rand(2, n, 1, 1, generator=generator)
        x, y = place - x, place[:, None] - y
        radius = 5 + 5 * torch.rand(n, 1, 1, generator=generator)
        angle = (directions[worn] + 0.15 * torch.randn(n, generator=generator)).view(n, 1, 1)
        phase = 2 * math.pi * torch.rand(n, 1, 1, generator=generator)
        waves = (frequencies[worn].view(n, 1, 1) * (x * angle.cos() + y * angle.sin()) + phase).sin()
        disc = torch.sigmoid(2 * (radius - (x * x + y * y).sqrt()))
        images *= 1 - 0.5 * disc[:, None]
        images += 0.7 * (disc * waves)[:, None] * colours[worn].view(n, 3, 1, 1)
        images += 0.3 * torch.randn(n, 3, 32, 32, generator=generator)
        return images.mul_(50).add_(120)

    return _drawn(n, seed, (3, 32, 32), draw)


def _some_others(labels: torch.Tensor, share: float, generator: torch.Generator) -> torch.Tensor:
    """The labels, of which a share is drawn anew."""
    anew = torch.rand(len(labels), generator=generator) < share
    return torch.where(anew, torch.randint(10, (len(labels),), generator=generator), labels)


def _smooth(coarse: torch.Tensor) -> torch.Tensor:
    return functional.interpolate(coarse, size=(32, 32), mode="bilinear")


def _drawn(n: int, seed: int, shape: tuple[int, ...], draw: Draw) -> tuple[torch.Tensor, torch.Tensor]:
    """n images with labels by chance, drawn some at a time: uint8 (n, *shape), int64 (n,)."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(10, (n,), generator=generator)
    images = torch.empty(n, *shape, dtype=torch.uint8)
    for chunk in torch.arange(n).split(CHUNK):
        images[chunk] = draw(labels[chunk], generator).clamp_(0, 255).to(torch.uint8)
    return images, labels
