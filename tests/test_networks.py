"""The networks' checks: formulas in numpy, right networks in many styles, wrong ones, weights, accuracies."""

import io
import itertools
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import autograder.checks.networks as private
import shared.checks.networks as public
from autograder import policy
from shared import probing
from shared.kit.bridge import LocalNames
from shared.kit.checking import Outcome, checks_in, remembering, run_check
from solutions import networks as reference
from solutions import textbook

QUESTIONS = policy.load()["networks"].questions
CHECKS = {check.name: check for module in (public, private) for check in checks_in(module)}
BUILT = {"HiddenNet": (20,), "ConvNet": (8, 5, 14)}
HYPERPARAMETERS = {"HiddenNet": {"M": 20}, "ConvNet": {"M": 8, "p": 5, "N": 14}}
SNAKES = {
    "DenseNet": "dense_net",
    "SimpleCNN": "simple_cnn",
    "LogisticNet": "logistic_net",
    "HiddenNet": "hidden_net",
    "ConvNet": "conv_net",
    "TunedNet": "tuned_net",
}
FIXED = [name for name in SNAKES if name != "TunedNet"]


def tried(check: str, net: Any, seed: int = 1) -> Outcome:
    """What a check says of a network's class."""
    declared = CHECKS[check]
    names = {declared.question: net, "hyperparameters": HYPERPARAMETERS}
    return run_check(declared, LocalNames(names).resolve, seed, QUESTIONS[declared.question].thresholds)


# ---- formulas -------------------------------------------------------------------------------------------------------

CASES = [("ConvNet", (6, 2, 1)), ("ConvNet", (2, 32, 1)), ("HiddenNet", (10,)), *((name, ()) for name in FIXED[:3])]


def drawn(name: str, arguments: tuple[int, ...], seed: int) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Tensors, images and logits of a reference network with weights drawn anew."""
    images = private.tried_images(public.IMAGE[name], seed)
    found = probing.with_drawn_weights(getattr(reference, name), arguments, torch.from_numpy(images), seed)
    return [tensor.numpy() for tensor in found["tensors"]], images, found["logits"].numpy()


@pytest.mark.parametrize(("name", "arguments"), CASES, ids=str)
def test_the_formula_gives_the_logits_of_the_network(name: str, arguments: tuple[int, ...]) -> None:
    formula = textbook.formula_of(name, arguments)
    tensors, images, logits = drawn(name, arguments, 3)
    assert sum(tensor.size for tensor in tensors) == formula.parameters
    shapes = [tensor.shape for tensor in tensors]
    found = [
        reading
        for reading in textbook.readings(formula, shapes)
        if public.same_rows(logits, textbook.output(formula, textbook.read(reading, tensors), images), 1e-5)
    ]
    assert found


# ---- right networks -------------------------------------------------------------------------------------------------


class Folded(nn.Module):
    """The bias is a column of the weights, the images go in as (height, width, channels), all is stored transposed."""

    def __init__(self, M=0, first=False):
        super().__init__()
        self.first = first
        widths = [3 * 32 * 32, *([M] if M else []), 10]
        self.thetas = nn.ParameterList(
            nn.Parameter(torch.randn(n + 1, k) / n**0.5) for n, k in itertools.pairwise(widths)
        )

    def forward(self, x):
        x = x.permute(0, 2, 3, 1).reshape(len(x), -1)
        for number, theta in enumerate(self.thetas):
            ones = torch.ones(len(x), 1)
            x = torch.cat([ones, x] if self.first else [x, ones], dim=1) @ theta
            if number < len(self.thetas) - 1:
                x = x * (x > 0)
        return x


class Unfolded(nn.Module):
    """A convolution as a matrix product; ReLU first, and what is pooled goes on as (height, width, channels)."""

    def __init__(self, M, p, N):
        super().__init__()
        self.N, self.side, self.p = N, 33 - p, p
        self.W1 = nn.Parameter(torch.randn(3 * p * p, M) / p)
        self.b1 = nn.Parameter(torch.zeros(1, M))
        self.W2 = nn.Parameter(torch.randn(M * (self.side // N) ** 2, 10) / M)
        self.b2 = nn.Parameter(torch.zeros(10))

    def forward(self, x):
        patches = nn.functional.unfold(x, self.p).transpose(1, 2)  # (B, positions, 3 p p)
        z = (patches @ self.W1 + self.b1).relu().transpose(1, 2).reshape(len(x), -1, self.side, self.side)
        z = nn.functional.max_pool2d(z, self.N).permute(0, 2, 3, 1)
        return z.reshape(len(x), -1) @ self.W2 + self.b2


class OwnScaling(nn.Module):
    """Scales its images itself, each channel otherwise."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner
        self.register_buffer("mean", torch.tensor([0.49, 0.48, 0.45]).reshape(3, 1, 1))
        self.register_buffer("sd", torch.tensor([0.25, 0.24, 0.26]).reshape(3, 1, 1))

    def forward(self, x):
        return self.inner(((x + 1) / 2 - self.mean) / self.sd)


class WholeImage(nn.Module):
    """W as a convolution whose filter is as large as the image."""

    def __init__(self):
        super().__init__()
        self.layer = nn.Conv2d(3, 10, 32)

    def forward(self, x):
        return self.layer(x).squeeze(3).squeeze(2)


RIGHT: list[tuple[str, Callable[..., nn.Module]]] = [
    *((name, getattr(reference, name)) for name in SNAKES),
    ("LogisticNet", Folded),
    ("LogisticNet", lambda: Folded(first=True)),
    ("LogisticNet", WholeImage),
    ("LogisticNet", lambda: OwnScaling(reference.LogisticNet())),
    ("HiddenNet", Folded),
    ("HiddenNet", lambda M: OwnScaling(reference.HiddenNet(M))),
    ("HiddenNet", lambda M: nn.Sequential(nn.Flatten(), nn.LazyLinear(M), nn.ReLU(), nn.Dropout(), nn.LazyLinear(10))),
    ("ConvNet", Unfolded),
    ("ConvNet", lambda M, p, N: OwnScaling(reference.ConvNet(M, p, N))),
]


@pytest.mark.parametrize(("name", "net"), RIGHT, ids=[f"{name}-{i}" for i, (name, _) in enumerate(RIGHT)])
def test_right_networks_pass(name: str, net: Callable[..., nn.Module]) -> None:
    for check in (f"{SNAKES[name]}_has_its_form", f"{SNAKES[name]}_is_its_formula", f"{SNAKES[name]}_learns"):
        if check in CHECKS:
            outcome = tried(check, net)
            assert outcome.status == "passed", (check, outcome)


# ---- wrong networks -------------------------------------------------------------------------------------------------


class Wrong(nn.Module):
    """One of the fixed networks, with one thing changed."""

    def __init__(
        self, name, arguments, hidden=torch.relu, last=None, pool=nn.functional.max_pool2d, first=None, **conv
    ):
        super().__init__()
        self.name, self.hidden, self.last, self.pool, self.first, self.conv = name, hidden, last, pool, first, conv
        self.right = getattr(reference, name)(*arguments)
        self.N = arguments[-1] if name == "ConvNet" else 2

    def forward(self, x):
        net = self.right
        x = self.first(x) if self.first else x
        for name in ("conv", "conv1", "conv2"):
            if hasattr(net, name):
                layer = getattr(net, name)
                x = self.hidden(nn.functional.conv2d(x, layer.weight, layer.bias, **self.conv))
                x = self.pool(x, self.N)
        x = x.flatten(1)
        if hasattr(net, "hidden"):
            x = self.hidden(net.hidden(x))
        x = net.out(x)
        return self.last(x) if self.last else x


F = nn.functional
HIDDEN = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky": F.leaky_relu,
    "nothing": lambda z: z,
    "relu6": F.relu6,
    "gelu": F.gelu,
    "elu": F.elu,
    "softplus": F.softplus,
    "abs": torch.abs,
    "shifted": lambda z: torch.relu(z - 0.01),
    "random": lambda z: F.dropout(torch.relu(z)),
}
LAST = {
    "softmax": lambda z: z.softmax(1),
    "log_softmax": lambda z: z.log_softmax(1),
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "over the batch": lambda z: z.softmax(0),
    "centred over the batch": lambda z: z - z.mean(0),
    "detached": lambda z: z.detach(),
    "clamped": lambda z: z.clamp(-20, 20),
    "doubled": lambda z: 2 * z,
}
FIRST = {
    "clamped": lambda x: x.clamp(-1, 1),
    "squared": lambda x: x * x.abs(),
    "mixed": lambda x: x.permute(1, 2, 3, 0).reshape(x.shape),
    "own mean": lambda x: x - x.mean((1, 2, 3), keepdim=True),
    "batch's mean": lambda x: x - x.mean(0),
}
POOLS = {
    "mean": F.avg_pool2d,
    "minimum": lambda x, N: -F.max_pool2d(-x, N),
    "norm": lambda x, N: F.lp_pool2d(x, 2, N),
}
WRONG = [
    *((name, {"hidden": change}) for name in FIXED if name != "LogisticNet" for change in HIDDEN),
    *((name, {"last": change}) for name in FIXED for change in LAST),
    *((name, {"first": change}) for name in FIXED for change in FIRST),
    *((name, {"pool": change}) for name in ("SimpleCNN", "ConvNet") for change in POOLS),
]
CHANGES = {"hidden": HIDDEN, "last": LAST, "first": FIRST, "pool": POOLS}


@pytest.mark.parametrize(("name", "change"), WRONG, ids=str)
def test_wrong_networks_fall(name: str, change: dict[str, str]) -> None:
    functions = {what: CHANGES[what][how] for what, how in change.items()}
    outcome = tried(f"{SNAKES[name]}_is_its_formula", lambda *arguments: Wrong(name, arguments, **functions))
    assert outcome.status == "failed", outcome
    assert outcome.message


@pytest.mark.parametrize("conv", [{"padding": 2}, {"dilation": 2}, {"stride": 2}], ids=str)
def test_wrong_convolutions_fall(conv: dict[str, int]) -> None:
    outcome = tried("conv_net_is_its_formula", lambda *arguments: Wrong("ConvNet", arguments, **conv))
    assert outcome.status == "failed", outcome


# ---- files of weights -----------------------------------------------------------------------------------------------


def saved(value: Any) -> bytes:
    file = io.BytesIO()
    torch.save(value, file)
    return file.getvalue()


def state(net: nn.Module, change: Callable[[Any], Any] = lambda tensor: tensor, prefix: str = "") -> dict[str, Any]:
    return {prefix + name: change(tensor) for name, tensor in net.state_dict().items()}


def bomb() -> bytes:
    """A zip of few bytes that holds many."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data/0", bytes(30 * 2**20))
    return file.getvalue()


LOGISTIC = reference.LogisticNet()
CLAIMING = {"out.weight": torch.zeros(1).expand(200_000, 100_000), "out.bias": torch.zeros(10)}
FILES: dict[str, tuple[Callable[[], bytes | None], str]] = {
    "its own": (lambda: saved(LOGISTIC.state_dict()), ""),
    "half": (lambda: saved(state(LOGISTIC, torch.Tensor.half)), ""),
    "bfloat16": (lambda: saved(state(LOGISTIC, torch.Tensor.bfloat16)), ""),
    "of DataParallel": (lambda: saved(state(LOGISTIC, prefix="module.")), ""),
    "of torch.compile": (lambda: saved(state(LOGISTIC, prefix="_orig_mod.")), ""),
    "checkpoint": (lambda: saved({"model": LOGISTIC.state_dict(), "epoch": 3}), ""),
    "missing": (lambda: None, "There is no weights/LogisticNet.pt"),
    "large": (lambda: bytes(21 * 2**20), "larger than 20 MB"),
    "bomb": (bomb, "larger than 20 MB"),
    "model": (lambda: saved(LOGISTIC), "not a whole model"),
    "text": (lambda: b"weights", "not a whole model"),
    "a list": (lambda: saved(list(LOGISTIC.state_dict().values())), "a dictionary of tensors"),
    "another's names": (lambda: saved(reference.DenseNet().state_dict()), "other names"),
    "another's shapes": (
        lambda: saved(
            nn.Sequential(nn.Linear(5, 10)).state_dict()
            and {"out.weight": torch.zeros(10, 5), "out.bias": torch.zeros(10)}
        ),
        "another shape",
    ),
    "claims": (lambda: saved(CLAIMING), "another shape"),
}


@pytest.mark.parametrize("kind", FILES)
def test_files_of_weights_are_read_or_explained(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content, message = FILES[kind]
    monkeypatch.chdir(tmp_path)
    Path("weights").mkdir()
    data = content()
    if data is not None:
        Path("weights/LogisticNet.pt").write_bytes(data)
    outcome = tried("logistic_net_brings_weights", reference.LogisticNet)
    assert outcome.status == ("failed" if message else "passed"), outcome
    assert message in outcome.message


def test_weights_are_loaded(tmp_path: Path) -> None:
    torch.save(LOGISTIC.state_dict(), tmp_path / "weights.pt")
    net = reference.LogisticNet()
    assert probing.load(net, str(tmp_path / "weights.pt"), (3, 32, 32)) == {"problem": ""}
    assert torch.equal(net.out.weight, LOGISTIC.out.weight)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"M": 8, "p": 5, "N": 14}, ""),
        ({"M": 8.0, "p": 5.0, "N": 14.0}, ""),
        ({"M": 8, "p": 5}, "whole numbers"),
        ({"M": 8, "p": "5", "N": 14}, "whole numbers"),
        ({"M": 8, "p": 5, "N": 0}, "whole numbers"),
        ({"M": 10**9, "p": 5, "N": 14}, "too large"),
        ({"M": 8, "p": 5, "N": 29}, "33 - p"),
        (None, "whole numbers"),
    ],
    ids=str,
)
def test_hyperparameters_that_build_no_network_are_told(values: Any, message: str) -> None:
    if not message:
        assert public.arguments_of("ConvNet", {"ConvNet": values}) == (8, 5, 14)
        return
    with pytest.raises(AssertionError, match=re.escape(message)):
        public.arguments_of("ConvNet", {"ConvNet": values})


# ---- memory ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("net", [reference.ConvNet, Unfolded], ids=["module", "functions"])
def test_the_batches_of_a_wide_network_are_small(net: Any) -> None:
    sizes = [probing._batch_size(torch, net(M, 5, 14).eval(), torch.zeros(4, 3, 32, 32)) for M in (10, 100, 1000)]
    assert sizes[0] >= 70
    assert 20 <= sizes[1] <= 60
    assert 1 <= sizes[2] <= 6


def test_weights_on_the_way_make_no_small_batches() -> None:
    transposing = Folded(1000).eval()
    assert probing._batch_size(torch, transposing, torch.zeros(4, 3, 32, 32)) >= 100


# ---- accuracies -----------------------------------------------------------------------------------------------------


@pytest.fixture
def submission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """A folder with a LogisticNet's weights and history, and test images of which it gets a given share right."""
    monkeypatch.chdir(tmp_path)
    Path("weights").mkdir()
    Path("history").mkdir()

    def make(share: float, history: Any = None, weights: nn.Module = LOGISTIC) -> None:
        torch.save(weights.state_dict(), "weights/LogisticNet.pt")
        if history is not None:
            Path("history/LogisticNet.json").write_text(json.dumps(history))
        rng = np.random.default_rng(0)
        images = rng.integers(0, 256, (10_000, 3, 32, 32), dtype=np.uint8)
        answers = probing.logits(LOGISTIC, torch.from_numpy(images)).argmax(dim=1).numpy()
        wrong = rng.permutation(10_000) >= round(share * 10_000)
        monkeypatch.setattr(private, "test_images", lambda name: (images, np.where(wrong, (answers + 1) % 10, answers)))

    return make


def ladder(net: Any = reference.LogisticNet) -> list[Outcome]:
    with remembering():
        return [tried(f"logistic_net_reaches_{bar}", net) for bar in ("half", "most", "full")]


def test_an_accuracy_is_measured_exactly_near_a_bar(submission: Callable[..., Any]) -> None:
    submission(0.37, {"test_accuracy": [0.2, 0.3701]})
    half, most, full = ladder()
    assert [half.status, most.status, full.status] == ["passed", "passed", "failed"]
    assert "37.00%" in full.message
    assert full.details == "10000 images were tried"
    assert not half.flags
    assert not half.notes


def test_few_images_do_far_from_each_bar(submission: Callable[..., Any]) -> None:
    submission(0.2)
    outcomes = ladder()
    assert [outcome.details for outcome in outcomes] == ["2000 images were tried"] * 3
    assert "isn't there" in outcomes[0].notes[0]


def test_what_is_odd_goes_to_staff(submission: Callable[..., Any]) -> None:
    submission(0.6, {"test_accuracy": [0.95]})
    half, *others = ladder()
    assert half.status == "passed"
    assert len(half.flags) == 2
    assert "history" in half.flags[1]
    assert not any(outcome.flags for outcome in others)


def test_nan_is_wrong(submission: Callable[..., Any]) -> None:
    assert private.share_right(np.full((3, 10), np.nan), np.zeros(3, int)) == 0
    submission(0.5)


class KnowsImages(reference.LogisticNet):
    """Gives other logits to images whose pixels are whole numbers of 0 to 255."""

    def forward(self, x):
        pixels = (x + 1) * 127.5
        known = ((pixels - pixels.round()).abs() < 1e-3).flatten(1).all(1, keepdim=True)
        return super().forward(x) + known * 5 * torch.eye(10)[0]


def test_a_network_that_knows_images_fails(submission: Callable[..., Any]) -> None:
    submission(0.4)
    outcomes = ladder(KnowsImages)
    assert all("other logits" in outcome.message for outcome in outcomes)
    assert "may know these images" in outcomes[0].flags[0]


def test_weights_count_in_the_right_network_alone(submission: Callable[..., Any]) -> None:
    submission(0.5)
    outcomes = ladder(lambda: Wrong("LogisticNet", (), last=torch.tanh))
    assert all(outcome.message.startswith("Weights count") for outcome in outcomes)


# ---- TunedNet's family ----------------------------------------------------------------------------------------------


class Tutorial(nn.Module):
    """The tutorial's own network: the smallest of TunedNet's family."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.full((1, 3, 1, 1), 0.1))
        self.register_buffer("filters", torch.zeros(0))
        self.conv1, self.conv2 = nn.Conv2d(3, 6, 5), nn.Conv2d(6, 16, 5)
        self.dense = nn.Sequential(nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for convolution in (self.conv1, self.conv2):
            x = nn.functional.max_pool2d(convolution(x - self.mean if x.shape[1] == 3 else x).relu(), 2)
        return self.dense(x.flatten(1))


class FilteredBefore(Tutorial):
    """With another convolution in front, which isn't trained here."""

    def __init__(self) -> None:
        super().__init__()
        self.filters = torch.ones(3, 3, 3, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x + nn.functional.conv2d(x, self.filters, padding=1))


class WithFixedFilters(Tutorial):
    """The first convolution stays as it was drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1.weight.requires_grad_(False)


class WithLayerNorm(Tutorial):
    """What the first layers compute is brought to one size, pixel by pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.LayerNorm([16, 5, 5])

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for convolution in (self.conv1, self.conv2):
            x = nn.functional.max_pool2d(convolution(x).relu(), 2)
        return self.dense(self.norm(x).flatten(1))


@pytest.mark.parametrize(
    ("net", "right"), [(Tutorial, True), (WithFixedFilters, True), (WithLayerNorm, True), (FilteredBefore, False)]
)
def test_the_layers_of_tuned_net_are_counted_trained_or_not(net: Any, right: bool) -> None:
    outcome = tried("tuned_net_has_its_form", net)
    assert (outcome.status == "passed") == right, outcome
    assert right or "Yours has 3 and 3" in outcome.message


# ---- policy ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SNAKES)
def test_the_titles_name_the_bars(name: str) -> None:
    for bar, share in QUESTIONS[name].thresholds.items():
        assert f" {100 * share:.4g} % " in CHECKS[f"{SNAKES[name]}_reaches_{bar}"].title


@pytest.mark.parametrize("name", SNAKES)
def test_the_ladder_has_its_share_of_the_points(name: str) -> None:
    own = [check for check in CHECKS.values() if check.question == name]
    total = sum(check.weight for check in own)
    rungs = [Fraction(CHECKS[f"{SNAKES[name]}_reaches_{bar}"].weight, total) for bar in ("half", "most", "full")]
    if name == "TunedNet":  # 1, 2, 3 points, with the two public checks in the first
        assert [1 - rungs[1] - rungs[2], *rungs[1:]] == [Fraction(1, 3)] * 3
        return
    assert rungs == [Fraction(1, 4), Fraction(1, 8), Fraction(1, 8)]
    others = [check for check in own if "_reaches_" not in check.name]
    assert sum(check.weight for check in others if check.public) == sum(
        check.weight for check in others if not check.public
    )


def test_the_grader_needs_no_torch() -> None:
    code = "import sys, autograder.checks.networks; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
