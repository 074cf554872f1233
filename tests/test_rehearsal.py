"""The rehearsals of training: what the small networks write down, and what the checks make of answers they can't see.

That named mistakes are caught and named variants accepted is the audit's to show. Here are the forms of the rules that
differ in steps alone, and what is left to luck.
"""

from pathlib import Path

import numpy as np
import pytest
import torch

from autograder.checks.networks import along, gathered, sizes_of_steps
from shared import rehearsal
from shared.checks.networks import draws_predictions, is_image, off_by_rounding, read_epochs
from shared.kit.bridge import LocalNames
from shared.kit.checking import Wrong, as_figure, run_there
from shared.toys import Reader, Stateful, Watched, numbers
from solutions import networks as reference


def of_student(**names):
    """The first of these functions, as checks see a student's."""
    return LocalNames(names).resolve(next(iter(names)))


# ---- the small networks ---------------------------------------------------------------------------------------------


def test_images_tell_their_numbers() -> None:
    images, labels, means = rehearsal.marked(0, rehearsal.MOST_MARKED)
    assert numbers(torch.from_numpy(means)).tolist() == list(range(rehearsal.MOST_MARKED))
    assert np.abs(images).max() < 1
    assert len(np.unique(labels[:40])) > 5
    # shifted and mirrored images tell the same
    turned = torch.from_numpy(images).flip(3).roll(2, dims=2).flatten(2).mean(dim=2)
    assert numbers(turned).tolist() == list(range(rehearsal.MOST_MARKED))


def test_a_diary_tells_what_a_step_did() -> None:
    model = Watched()
    images, labels, means = (torch.from_numpy(part) for part in rehearsal.marked(0, 6))
    start = model.weights()
    torch.nn.functional.cross_entropy(model(images), labels).backward()
    with torch.no_grad():
        model(images[:2])
    first, second = model.diary
    assert first["images"].tolist() == [0, 1, 2, 3, 4, 5]
    assert first["graph"]
    assert not second["graph"]
    assert model.learned_from() == [first]
    assert (first["weights"] == start).all()
    softmax = model.logits(means).softmax(dim=1) - torch.eye(10)[labels]
    np.testing.assert_allclose(first["gradient"], softmax.detach() / 6, atol=1e-7)


def test_ctrl_c_comes_after_so_many_steps_and_not_while_evaluating() -> None:
    model = Watched(interrupt_after=1)
    images = torch.from_numpy(rehearsal.marked(0, 4)[0])
    with torch.no_grad():
        model(images)
    model(images).sum().backward()
    with pytest.raises(KeyboardInterrupt):
        model(images)


def test_parts_in_another_mode_are_seen() -> None:
    model = Stateful().train()
    model.norm.eval()
    model(torch.from_numpy(rehearsal.marked(0, 4)[0]))
    assert not model.diary[0]["training"]


def test_the_reader_reads_in_eval_mode_alone() -> None:
    codes = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3])
    images = torch.from_numpy(rehearsal.coded(codes, channels=3))
    with rehearsal.luck(0):
        assert Reader().eval()(images).argmax(dim=1).tolist() == codes.tolist()
        assert (Reader().train()(images).argmax(dim=1).numpy() != codes).sum() >= 5
        assert Reader().train()(images[:1]).shape == (1, 10)  # batch norm of one image raises nothing


def test_luck_comes_back_as_it_was() -> None:
    torch.manual_seed(3)
    np.random.seed(3)
    wanted = torch.rand(2), np.random.rand(2)
    torch.manual_seed(3)
    np.random.seed(3)
    with rehearsal.luck(7):
        torch.rand(5)
        np.random.rand(5)
    assert torch.equal(torch.rand(2), wanted[0])
    assert (np.random.rand(2) == wanted[1]).all()


# ---- the rules of steps ---------------------------------------------------------------------------------------------


def trained_by_hand(lr: float, momentum: float, rule: str, epochs: int = 2) -> dict:
    """A training of the linear network on 40 images in batches of 8, with a rule of our own; lr falls on a line."""
    with rehearsal.luck(0):
        model = Watched()
        (images, labels), _ = rehearsal._sets(40)
        velocity = [torch.zeros_like(weights) for weights in model.parameters()]
        for step in range(5 * epochs):
            if rule == "anew in each epoch" and step % 5 == 0:
                velocity = [torch.zeros_like(weights) for weights in model.parameters()]
            rate = lr * (1 - step / (5 * epochs))
            batch = torch.arange(8) + step % 5 * 8
            model.zero_grad()
            torch.nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            with torch.no_grad():
                for weights, v in zip(model.parameters(), velocity, strict=True):
                    slope = weights.grad
                    if rule == "lr within":
                        v.mul_(momentum).add_(rate * slope)
                        weights -= v
                    elif rule == "running mean":
                        v.mul_(momentum).add_((1 - momentum) * slope)
                        weights -= rate * v
                    elif rule == "signs":
                        weights -= rate * slope.sign()
                    else:
                        v.mul_(momentum).add_(slope)
                        weights -= rate * (slope + momentum * v if rule == "nesterov" else v)
    return {"diary": model.diary, "weights": model.weights()}


@pytest.mark.parametrize("rule", ["plain", "nesterov", "lr within", "running mean", "anew in each epoch"])
@pytest.mark.parametrize("momentum", [0.6, 0.9])
def test_every_form_of_momentum_is_read(rule: str, momentum: float) -> None:
    seen = trained_by_hand(0.2, momentum, rule)
    rates = sizes_of_steps(seen, read_epochs(seen, 40, 2, 8), momentum)
    shrunk = 1 - momentum if rule == "running mean" else 1.0
    np.testing.assert_allclose(rates, 0.2 * shrunk * (1 - np.arange(10) / 10), rtol=0.01)


@pytest.mark.parametrize(
    ("rule", "momentum", "asked", "message"),
    [
        ("plain", 0.0, 0.6, "no momentum"),
        ("plain", 1.0, 0.0, "earlier batches"),
        ("plain", 0.9, 0.6, "aren't those"),
        ("signs", 0.0, 0.0, "aren't those"),
    ],
)
def test_other_rules_are_told_apart(rule: str, momentum: float, asked: float, message: str) -> None:
    seen = trained_by_hand(0.1, momentum, rule)
    with pytest.raises(Wrong, match=message):
        sizes_of_steps(seen, read_epochs(seen, 40, 2, 8), asked)


def test_a_step_of_nothing_goes_along_any_direction() -> None:
    slopes = np.random.default_rng(0).normal(size=(3, 40))
    rates = along(-slopes * np.array([[0.0], [1.0], [0.5]]), slopes)
    np.testing.assert_allclose(rates, [0, 1, 0.5])
    assert along(slopes[::-1], slopes) is None
    np.testing.assert_allclose(gathered(slopes, 0.5, {0, 2})[2], slopes[2])


# ---- what is left to rounding ---------------------------------------------------------------------------------------


def losses(logits: torch.Tensor, labels: torch.Tensor) -> list[torch.Tensor]:
    """The cross-entropy in float32 in several right ways."""
    chosen = logits[torch.arange(len(labels)), labels]
    one_by_one = [row.logsumexp(0) - row[label] for row, label in zip(logits, labels, strict=True)]
    differences = (logits - chosen[:, None]).logsumexp(1)
    return [
        torch.nn.functional.cross_entropy(logits, labels),
        (logits.logsumexp(1) - chosen).mean(),
        -(logits.log_softmax(1) * torch.eye(logits.shape[1])[labels]).sum(1).mean(),
        sum(one_by_one) / len(one_by_one),  # type: ignore[arg-type]
        differences.mean(),
    ]


def test_right_losses_differ_by_less_than_the_tolerance() -> None:
    rng = np.random.default_rng(0)
    worst = 0.0
    for B, K in ((1, 2), (16, 10), (64, 10), (7, 100), (3, 1000)):
        for size in (0.01, 1.0, 20.0, 1e4):
            logits = (size * rng.uniform(-1, 1, (B, K))).astype(np.float32)
            labels = torch.from_numpy(rng.integers(0, K, B))
            exact = torch.nn.functional.cross_entropy(torch.from_numpy(logits).double(), labels).item()
            off = max(abs(loss.item() - exact) for loss in losses(torch.from_numpy(logits), labels))
            worst = max(worst, off / off_by_rounding(logits))
    assert worst < 0.5


# ---- checks ---------------------------------------------------------------------------------------------------------


def test_an_interrupted_training_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = {"epochs": 2, "lr": 0.1, "momentum": 0.5, "batch_size": 8}
    runs = rehearsal.interrupted_training(reference.train, "linear", 16, 3, **settings)
    assert runs["files"] == {"left": []}
    assert len([entry for entry in runs["resumed"]["diary"] if entry["gradient"] is not None]) == 2
    assert list(tmp_path.iterdir()) == []
    assert Path.cwd() == tmp_path


def test_a_training_without_parameters_to_learn_is_told() -> None:
    train = of_student(train=lambda model, *data, **settings: {})
    seen = run_there(rehearsal.training, train, "linear", 40, epochs=1, lr=0.1, momentum=0.0, batch_size=8)
    assert seen["unmoved"] == ["out.weight", "out.bias"]
    with pytest.raises(Wrong, match="no gradient came"):
        read_epochs(seen, 40, 1, 8)


def test_images_are_known_up_to_their_scale() -> None:
    gray, colored = (rehearsal.coded([1], channels)[0] for channels in (1, 3))
    assert is_image(-3 * gray[0] + 1, gray)
    assert is_image(np.stack([gray[0] / 2 + 0.5] * 3, axis=2), gray)
    assert is_image((127.5 * (colored.transpose(1, 2, 0) + 1)).round(), colored)
    assert not is_image(gray[0].T, gray)
    assert not is_image(colored.transpose(2, 1, 0), colored)
    assert not is_image(colored.reshape(4, 4, 3), colored)
    assert not is_image(-colored.transpose(1, 2, 0), colored)
    assert not is_image(np.zeros((4, 4)), gray)


def test_a_large_image_is_described_without_its_pixels() -> None:
    import matplotlib.pyplot as plt

    def figure():
        fig, axes = plt.subplots(1, 2)
        axes[0].imshow(np.ones((200, 200)), cmap="gray")
        axes[1].imshow(np.eye(3))
        return fig

    small, large = reversed(as_figure(of_student(figure=figure)(), "figure").axes)
    assert large["images"][0]["values"].size == 0
    assert large["images"][0]["colormap"] == "gray"
    np.testing.assert_array_equal(small["images"][0]["values"], np.eye(3))


def test_pictures_in_another_order_are_fine() -> None:
    def plot_predictions(model, images, classes):
        import matplotlib.pyplot as plt

        was_training = model.training
        model.eval()
        fig, axes = plt.subplots(3, 2)
        for ax, k in zip(axes.flat, (5, 3, 1, 0, 2, 4), strict=True):
            ax.imshow(images[k].permute(1, 2, 0) / 2 + 0.5)
            ax.set_title(f"a {classes[model(images[k : k + 1]).argmax()]}!")
        model.train(was_training)
        return fig

    draws_predictions(of_student(plot_predictions=plot_predictions), [1, 2, 3, 4, 5, 6, 7], channels=3)
