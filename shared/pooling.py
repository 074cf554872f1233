"""A convolution followed by max-pooling, fast to train on a processor."""

import torch
from torch import nn

CHUNK = 4  # images at a time: their convolution stays in a core's cache


def pooled_convolution(images: torch.Tensor, conv: nn.Conv2d, size: int) -> torch.Tensor:
    """Max-pooling of a convolution: (B, c, h, w) → (B, M, (h - p + 1) // size, (w - p + 1) // size).

    conv: M filters of p x p. Values and gradients are those of `max_pool2d(conv(images), size)`, which it is where no
    gradient is asked for, on a GPU, and for a convolution with strides, padding or groups.

    The gradient goes through the maxima alone, a few of each filter's many positions. So the convolution is done
    without recording to see where the maxima are; what is recorded is each filter times the patch of its maximum. No
    large array is kept for the way back, which becomes nearly free.
    """
    plain = (conv.stride, conv.padding, conv.dilation, conv.groups) == ((1, 1), (0, 0), (1, 1), 1)
    if not plain or not torch.is_grad_enabled() or images.device.type != "cpu":
        return nn.functional.max_pool2d(conv(images), size)
    filters = conv.weight.flatten(1)  # (M, c p p)
    M, height, width = len(filters), *conv.kernel_size
    patches = images.unfold(2, height, 1).unfold(3, width, 1)  # (B, c, rows, columns, p, p), without a copy
    B, _, rows, columns, *_ = patches.shape
    patches = patches.permute(0, 2, 3, 1, 4, 5).reshape(B * rows * columns, -1)  # (B rows columns, c p p)
    with torch.no_grad():
        places = []
        for some in patches.split(CHUNK * rows * columns):
            values = (some @ filters.T).view(-1, rows, columns, M).permute(0, 3, 1, 2)  # (CHUNK, M, rows, columns)
            places.append(nn.functional.max_pool2d(values, size, return_indices=True)[1])
        place = torch.cat(places)  # (B, M, pooled rows, pooled columns), in an image's rows * columns
    first = rows * columns * torch.arange(B).view(B, 1, 1, 1)
    chosen = patches.index_select(0, (place + first).transpose(0, 1).flatten()).view(M, -1, filters.shape[1])
    maxima = (chosen @ filters[:, :, None]).view(M, B, *place.shape[2:]).transpose(0, 1)
    return maxima if conv.bias is None else maxima + conv.bias[:, None, None]
