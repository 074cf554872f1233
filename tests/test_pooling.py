"""shared/pooling.py: the same values and gradients as the plain way, for whatever convolution."""

import pytest
import torch
from torch import nn

from shared.pooling import pooled_convolution

# channels, filters, sides of a filter, pooling, height, width, images
CASES = [
    (3, 7, (5, 5), 14, 32, 32, 35),
    (1, 3, (2, 2), 3, 9, 11, 1),
    (3, 4, (4, 3), 5, 13, 12, 6),
    (2, 1, (1, 1), 1, 3, 3, 5),
]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("of_images", [False, True])
@pytest.mark.parametrize("options", [{}, {"bias": False}, {"padding": 1}, {"stride": 2}])
def test_values_and_gradients_are_those_of_the_plain_way(case, options, of_images):
    channels, filters, sides, size, height, width, count = case
    torch.manual_seed(0)
    conv = nn.Conv2d(channels, filters, sides, **options).double()
    images = torch.randn(count, channels, height, width, dtype=torch.double, requires_grad=of_images)
    if "stride" in options:
        size = min(size, 2)
    plain = nn.functional.max_pool2d(conv(images), size)
    ours = pooled_convolution(images, conv, size)
    weights = torch.randn_like(plain)
    everything = [*conv.parameters(), *([images] if of_images else [])]
    torch.testing.assert_close(ours, plain)
    expected = torch.autograd.grad((plain * weights).sum(), everything)
    torch.testing.assert_close(torch.autograd.grad((ours * weights).sum(), everything), expected)


def test_channels_may_be_last_and_nothing_is_recorded_without_gradients():
    torch.manual_seed(0)
    conv = nn.Conv2d(3, 8, 5).to(memory_format=torch.channels_last)
    images = torch.randn(6, 3, 32, 32).to(memory_format=torch.channels_last)
    recorded = pooled_convolution(images, conv, 14)
    with torch.no_grad():
        plain = pooled_convolution(images, conv, 14)
    assert recorded.requires_grad
    assert not plain.requires_grad
    torch.testing.assert_close(recorded, plain, rtol=1e-5, atol=1e-5)
