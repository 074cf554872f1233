"""torchvision on any build of PyTorch."""

from types import ModuleType


def torchvision() -> ModuleType:
    """Import torchvision.

    Where PyTorch is a CPU build, torchvision's stock wheel fails at its import with «operator torchvision::nms does
    not exist»: its compiled part was made for another build. Declaring the two operators that it looks for is enough;
    the data sets, transforms and models of the assignments never call them.
    """
    import torch

    if not hasattr(torch.ops.torchvision, "nms"):
        library = torch.library.Library("torchvision", "FRAGMENT")
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define(
            "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
        )
        _declared.append(library)  # the declarations live as long as this object
    import torchvision

    return torchvision


_declared: list[object] = []
