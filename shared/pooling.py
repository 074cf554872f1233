"""A convolution followed by max-pooling, fast to train on a processor."""

from typing import Any

import torch
from torch import nn
from torch.nn.functional import conv2d, embedding_bag, max_pool2d

CHUNK = 16  # images at a time: the memory for their convolution stays small, however many filters there are


def pooled_convolution(images: torch.Tensor, conv: nn.Conv2d, size: int) -> torch.Tensor:
    """Max-pooling of a convolution: (B, c, h, w) → (B, M, (h - p + 1) // size, (w - q + 1) // size).

    conv: M filters of p x q. Values and gradients are those of `max_pool2d(conv(images), size)`, which it is where the
    images want a gradient, on a GPU, and for a convolution with strides, padding or groups.

    The gradient goes through the maxima alone, a few of each filter's many positions: that of a filter is the sum of
    the patches where its maxima lie, each times the gradient of that maximum. So of the convolution nothing is kept
    for the way back but these places, and the way back takes a fraction of the way there.
    """
    plain = (conv.stride, conv.padding, conv.dilation, conv.groups) == ((1, 1), (0, 0), (1, 1), 1)
    if not plain or images.requires_grad or images.device.type != "cpu":
        return max_pool2d(conv(images), size)
    maxima: torch.Tensor = _Maxima.apply(images, conv.weight, conv.bias, size)
    return maxima


class _Maxima(torch.autograd.Function):
    """The maxima of images * weight + bias in windows of `size`; gradients for weight and bias."""

    @staticmethod
    def forward(ctx: Any, images: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, size: int) -> Any:
        images = images.contiguous(memory_format=torch.channels_last)
        chunks = [
            max_pool2d(conv2d(some, weight, bias), size, return_indices=True) for some in images.split(CHUNK)
        ]  # values and places, (CHUNK, M, ...) each
        ctx.save_for_backward(images, weight, torch.cat([places for _, places in chunks]))
        return torch.cat([values for values, _ in chunks])

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> Any:
        images, weight, places = ctx.saved_tensors
        B, c, h, w = images.shape
        M, _, p, q = weight.shape
        columns = w - q + 1
        # A patch is p rows, and each row of it q c numbers that lie side by side: row i of the patch at (r, s) of image
        # b is strips[(b h + r + i) columns + s].
        strips = images.permute(0, 2, 3, 1).reshape(B * h, w * c).unfold(1, q * c, c).reshape(-1, q * c)
        first = (columns * (torch.arange(B) * h)).view(B, 1, 1, 1)
        places = (places + first).transpose(0, 1).flatten(1)  # (M, maxima of a filter)
        gradient = gradient.transpose(0, 1).flatten(1)
        rows = [
            embedding_bag(places + i * columns, strips, per_sample_weights=gradient, mode="sum") for i in range(p)
        ]  # (M, q c) each
        of_weight = torch.stack(rows, dim=1).view(M, p, q, c).permute(0, 3, 1, 2)
        return None, of_weight, gradient.sum(dim=1) if ctx.needs_input_grad[2] else None, None
