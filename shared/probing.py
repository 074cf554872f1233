"""What checks do with a network of yours, where it lives: forward and backward passes, a short training, its weights.

The first argument is the class with its arguments, or a network that has been built already. A network is judged in
eval mode, on images that are contiguous tensors of its own. Random numbers come from fixed seeds, and your generator
goes on as if nothing had happened.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LARGEST_FILE = 20 * 2**20  # bytes of a file of weights
LARGEST_HISTORY = 2**20
MOST_ELEMENTS = 4 * 2**20  # of a result on the way of a batch through a network: 16 MB
MOST_IMAGES = 250  # in a batch
LEARNING_RATE = 0.004  # of `overfit`; between 0.002 and 0.008 every right network that was tried learns
WRAPPERS = ("module.", "_orig_mod.")  # what DataParallel and torch.compile put before the names
CHECKPOINT_KEYS = ("model", "model_state_dict", "state_dict")

# torch is imported where it is needed: the grader reads this module too, and has no use for it.


@contextmanager
def _seeded(seed: int) -> Iterator[Any]:
    """torch, its generator seeded inside the block and as before after it."""
    import torch

    with torch.random.fork_rng(devices=[]), torch.enable_grad():
        torch.manual_seed(seed)
        yield torch


def _built(net: Callable[..., Any], arguments: Sequence[int], image: Sequence[int]) -> Any:
    """A new network in eval mode; a first pass has given its lazy layers their shapes."""
    model = net(*arguments)
    prepared(model, image)
    return model


def prepared(model: Any, image: Sequence[int]) -> None:
    """Put a network into eval mode and give its lazy layers their shapes by a first pass. image: a shape (c, h, w)."""
    import torch

    model.eval()
    with torch.no_grad():
        model(torch.zeros(2, *image))


# ---- what a network is and does -------------------------------------------------------------------------------------


def kind_of(net: Callable[..., Any], arguments: Sequence[int]) -> str:
    """What the class makes: a "network"; an "unready" one, whose nn.Module has never been initialised; or "other".

    "built" where it is no class but a network already.
    """
    with _seeded(0) as torch:
        if isinstance(net, torch.nn.Module):
            return "built"
        model = net(*arguments)
        if not isinstance(model, torch.nn.Module):
            return "other"
        return "network" if "_parameters" in vars(model) else "unready"


def outputs(net: Callable[..., Any], arguments: Sequence[int], images: Any) -> Any:
    """What a new network returns for a batch."""
    with _seeded(0) as torch:
        model = _built(net, arguments, images.shape[1:])
        with torch.no_grad():
            return model(images.clone())


def rows(net: Callable[..., Any], arguments: Sequence[int], images: Any) -> dict[str, Any]:
    """What a new network returns for a batch, again for the same batch, and for each of its images alone.

    {"together": ..., "again": ..., "alone": ..., "kept": whether the images are as they were}.
    """
    with _seeded(0) as torch:
        model = _built(net, arguments, images.shape[1:])
        with torch.no_grad():
            given = images.clone()
            found = {"together": model(given), "again": model(images.clone())}
            found["kept"] = given.shape == images.shape and bool((given == images).all())
            return found | {"alone": torch.cat([model(image.clone()) for image in images.split(1)])}


def parameters(net: Callable[..., Any], arguments: Sequence[int], image: Sequence[int]) -> list[tuple[int, ...]]:
    """The shapes of what a new network trains."""
    with _seeded(0):
        return [tuple(item.shape) for item in _built(net, arguments, image).parameters() if item.requires_grad]


def kernels(net: Callable[..., Any], arguments: Sequence[int], image: Sequence[int]) -> list[tuple[int, ...]]:
    """The shapes of all tensors of a new network that can be a layer's weights, whether it trains them or not.

    Those of one row or one column are none: offsets, what batch norm keeps, means and sizes of the channels. Nor are
    the scales and offsets of layer norm, which have an image's shape.
    """
    with _seeded(0) as torch:
        model = _built(net, arguments, image)
        layers = [item for item in model.modules() if type(item) is not torch.nn.LayerNorm]
        own = [tensor for item in layers for tensor in (*item.parameters(False), *item.buffers(False))]
        shapes = [tuple(tensor.shape) for tensor in dict.fromkeys(own)]  # a shared one counts once
        return [shape for shape in shapes if shape[:1] != (1,) and sum(length > 1 for length in shape) > 1]


def gradients(net: Callable[..., Any], arguments: Sequence[int], images: Any) -> list[tuple[str, float]]:
    """[(name, largest entry of the gradient)] of each parameter, for a sum of the logits, weighted.

    The weights are drawn anew: a last layer that starts at zero lets no gradient through at first, which is no fault.
    """
    with _seeded(0) as torch:
        model = _built(net, arguments, images.shape[1:])
        _shaken(torch, model)
        trained = [(name, item) for name, item in model.named_parameters() if item.requires_grad]
        found = _gradients(torch, model, [item for _, item in trained], images)
        return [(name, float(slope.abs().max())) for (name, _), slope in zip(trained, found, strict=True)]


def _gradients(torch: Any, model: Any, trained: list[Any], images: Any) -> list[Any]:
    """The gradients of a sum of the logits, weighted, with respect to the parameters; zeros where there is none."""
    logits = model(images.clone())
    if not trained or not logits.requires_grad:
        return [torch.zeros_like(item) for item in trained]
    weights = torch.linspace(1.0, 2.0, logits.numel()).cos().reshape(logits.shape)
    found = torch.autograd.grad((logits * weights).sum(), trained, allow_unused=True)
    return [torch.zeros_like(item) if slope is None else slope for item, slope in zip(trained, found, strict=True)]


def overfit(net: Callable[..., Any], arguments: Sequence[int], images: Any, labels: Any, steps: int) -> float:
    """The share of a few images that a new network classifies rightly after some steps of Adam on all of them."""
    with _seeded(0) as torch:
        model = _built(net, arguments, images.shape[1:])
        _adam(torch, model, images, labels, steps)
        model.eval()
        with torch.no_grad():
            return float((model(images.clone()).argmax(dim=1) == labels).float().mean())


overfit.takes_long = True  # type: ignore[attr-defined]  # hints don't make this call again for each mistake


def _adam(torch: Any, model: Any, images: Any, labels: Any, steps: int) -> None:
    """Steps of Adam. Written out, since torch.optim loads a compiler at its first use: 1.4 s and 200 MB."""
    trained = [item for item in model.parameters() if item.requires_grad]
    means = [(torch.zeros_like(item), torch.zeros_like(item)) for item in trained]  # of gradients and their squares
    model.train()
    for step in range(1, steps + 1):
        loss = torch.nn.functional.cross_entropy(model(images.clone()), labels)
        if not trained or not loss.requires_grad:
            return
        slopes = torch.autograd.grad(loss, trained, allow_unused=True)
        with torch.no_grad():
            for item, (mean, square), slope in zip(trained, means, slopes, strict=True):
                if slope is not None:
                    mean.lerp_(slope, 0.1)
                    square.lerp_(slope**2, 0.001)
                    size = (square / (1 - 0.999**step)).sqrt() + 1e-8
                    item -= LEARNING_RATE * mean / (1 - 0.9**step) / size


# ---- a network with weights that a check has drawn ------------------------------------------------------------------


def _shaken(torch: Any, model: Any) -> None:
    """Draw all that is trained anew, so that each number counts, and what batch norm has gathered."""
    with torch.no_grad():
        for item in model.parameters():
            if item.dim() >= 2:
                item.copy_(torch.randn(item.shape) * item.numel() ** -0.25)
            else:
                item.copy_(torch.rand(item.shape) * 2 - 1)
        for name, item in model.named_buffers():
            if name.endswith("running_mean"):
                item.copy_(torch.rand(item.shape))
            elif name.endswith("running_var"):
                item.copy_(torch.rand(item.shape) + 0.5)


def with_drawn_weights(net: Callable[..., Any], arguments: Sequence[int], images: Any, seed: int) -> dict[str, Any]:
    """A new network with weights drawn anew: {"tensors": what it trains, "logits": for the images}."""
    with _seeded(seed) as torch:
        model = _built(net, arguments, images.shape[1:])
        _shaken(torch, model)
        return {"tensors": tensors(model), "logits": logits(model, images)}


def slopes_of_drawn_weights(
    net: Callable[..., Any], arguments: Sequence[int], image: Sequence[int], seed: int, pixel: float
) -> list[Any]:
    """`slopes` of the network that `with_drawn_weights` makes of this seed."""
    with _seeded(seed) as torch:
        model = _built(net, arguments, image)
        _shaken(torch, model)
        return slopes(model, image, pixel)


def tensors(model: Any) -> list[Any]:
    """What a network trains, in the order in which it has been registered."""
    return [item.detach() for item in model.parameters() if item.requires_grad]


def slopes(model: Any, image: Sequence[int], pixel: float) -> list[Any]:
    """The gradients with respect to these tensors for an image all of whose pixels are the same.

    A layer W x + b has the slope s x' with respect to W, where s is that with respect to b: so they tell what the
    first layer sees of an image.
    """
    with _seeded(0) as torch:
        model.eval()
        trained = [item for item in model.parameters() if item.requires_grad]
        return _gradients(torch, model, trained, torch.full((1, *image), pixel))


# ---- a trained network ----------------------------------------------------------------------------------------------


def load(model: Any, path: str, image: Sequence[int]) -> dict[str, Any]:
    """Load weights from a file into a network; what is wrong with the file, {"problem": ""} if nothing is.

    Names and shapes are compared with the network's before anything is computed: a small file can claim any shape.
    """
    import torch

    file = Path(path)
    if not file.is_file():
        return {"problem": "missing"}
    if file.stat().st_size > LARGEST_FILE:
        return {"problem": "large"}
    if not zipfile.is_zipfile(file):
        return {"problem": "unreadable"}
    with zipfile.ZipFile(file) as archive:
        if sum(item.file_size for item in archive.infolist()) > LARGEST_FILE:
            return {"problem": "large"}
    try:
        found = torch.load(file, map_location="cpu", weights_only=True)
    except Exception as error:  # of many kinds: of pickle, of zip files, of torch itself
        return {"problem": "unreadable", "because": type(error).__name__}
    prepared(model, image)
    return _load(model, found)


def _load(model: Any, found: Any) -> dict[str, Any]:
    import torch

    if isinstance(found, dict) and not _is_state(found):
        inside = [found[key] for key in CHECKPOINT_KEYS if key in found]  # a whole checkpoint
        found = inside[0] if inside else found
    if not _is_state(found):
        return {"problem": "no state"}
    if not all(_is_plain(item) for item in found.values()):
        return {"problem": "not plain"}
    found = {_unwrapped(str(name)): item for name, item in found.items()}
    own = {_unwrapped(name): item for name, item in model.state_dict().items()}
    missing, unknown = sorted(own.keys() - found.keys()), sorted(found.keys() - own.keys())
    if missing or unknown:
        return {"problem": "names", "missing": missing[:5], "unknown": unknown[:5]}
    for name, item in own.items():
        if item.shape != found[name].shape:
            shapes = {"in_file": tuple(found[name].shape), "in_network": tuple(item.shape)}
            return {"problem": "shapes", "name": name, **shapes}
    with torch.no_grad():
        for name, item in own.items():  # the tensors of the state are those of the network
            item.copy_(found[name])  # from half precision, too
    return {"problem": ""}


def _is_state(found: Any) -> bool:
    import torch

    return isinstance(found, dict) and bool(found) and all(isinstance(item, torch.Tensor) for item in found.values())


def _is_plain(item: Any) -> bool:
    """Whether a tensor is one of numbers side by side: not sparse, nested or quantized, and not without values."""
    import torch

    return item.layout is torch.strided and not (item.is_nested or item.is_quantized or item.is_meta)


def _unwrapped(name: str) -> str:
    for wrapper in WRAPPERS:
        name = name.removeprefix(wrapper)
    return name


def logits(model: Any, images: Any) -> Any:
    """(n, 10), in batches small enough for little memory. Images of type uint8 are scaled to -1..1."""
    import torch

    model.eval()
    with torch.no_grad():
        found = []
        for batch in images.split(_batch_size(torch, model, images)):
            found.append(model(_scaled(batch)))
        return torch.cat(found)


def _scaled(batch: Any) -> Any:
    return batch.float() / 127.5 - 1 if not batch.is_floating_point() else batch.clone()


def _batch_size(torch: Any, model: Any, images: Any) -> int:
    """How many images may go together: by how much the results on the way grow from one image to two."""

    class Sizes(torch.overrides.TorchFunctionMode):
        """Sees every function of torch's that runs, and how large its result is."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: list[int] = []

        def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            result = function(*args, **(kwargs or {}))
            if isinstance(result, torch.Tensor):
                self.seen.append(result.nelement())
            return result

    if len(images) <= 2:
        return 2
    sizes = []
    for count in (1, 2):
        batch = _scaled(images[:count])
        with Sizes() as mode:
            model(batch)
        sizes.append(mode.seen)
    one, two = sizes
    grown = max((b - a for a, b in zip(one, two, strict=False)), default=0) if len(one) == len(two) else max(two)
    return min(MOST_IMAGES, max(1, MOST_ELEMENTS // max(1, grown)))


def history_of(model: Any, path: str) -> Any:
    """{"test_accuracy": [...]} of the history in a JSON file; {"problem": ...} where there is none in it."""
    file = Path(path)
    if not file.is_file():
        return {"problem": "missing"}
    if file.stat().st_size > LARGEST_HISTORY:
        return {"problem": "large"}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        return {"problem": "unreadable"}
    accuracies = found.get("test_accuracy") if isinstance(found, dict) else None
    if not isinstance(accuracies, list) or not all(isinstance(accuracy, int | float) for accuracy in accuracies):
        return {"problem": "no history"}
    return {"test_accuracy": accuracies}
