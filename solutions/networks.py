"""Networks for MNIST and CIFAR-10, their loss, their training and their evaluation. The reference answers."""

import matplotlib.pyplot as plt
import torch
from torch import nn
from tqdm import tqdm

from shared import keeping
from shared.pooling import pooled_convolution
from solutions import Written


def cross_entropy(logits, labels):
    """The mean over a batch of -log softmax(logits)[label]: a scalar tensor.

    logits: (B, 10) or of any number of classes, perhaps as large as 1e4; labels: (B,), integers.
    """
    # no exponential overflows now, and the largest is 1
    shifted = logits - logits.max(dim=1, keepdim=True).values  # (B, 10), at most 0
    log_softmax = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_softmax[torch.arange(len(labels)), labels].mean()


class DenseNet(nn.Module):
    """MNIST: 784 pixels, 512 hidden units with ReLU, 10 logits."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        """x: (B, 1, 28, 28) → (B, 10)."""
        return self.out(self.hidden(x.flatten(1)).relu())


class SimpleCNN(nn.Module):
    """MNIST: two 5x5 convolutions with 10 and 20 filters, each with max-pooling by 2 and ReLU; 320-50-10 above."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(20 * 4 * 4, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        """x: (B, 1, 28, 28) → (B, 10). The maximum of ReLUs is the ReLU of the maximum, on a quarter of the values."""
        x = self.pool(self.conv1(x)).relu()  # (B, 10, 12, 12)
        x = self.pool(self.conv2(x)).relu()  # (B, 20, 4, 4)
        return self.out(self.hidden(x.flatten(1)).relu())


class LogisticNet(nn.Module):
    """CIFAR-10: W vec(x) + b."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        """x: (B, 3, 32, 32) → (B, 10)."""
        return self.out(x.flatten(1))


class HiddenNet(nn.Module):
    """CIFAR-10: W2 relu(W1 vec(x) + b1) + b2, with M hidden units."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        """x: (B, 3, 32, 32) → (B, 10)."""
        return self.out(self.hidden(x.flatten(1)).relu())


class ConvNet(nn.Module):
    """CIFAR-10: M filters of p x p, ReLU, max-pooling by N, and one linear map of the M ((33 - p) // N)^2 maxima."""

    def __init__(self, M, p, N):
        super().__init__()
        self.N = N
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        """x: (B, 3, 32, 32) → (B, 10)."""
        return self.out(pooled_convolution(x, self.conv, self.N).relu().flatten(1))


class TunedNet(nn.Module):
    """CIFAR-10: the tutorial's network, wider, with batch norm and dropout."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),  # batch norm adds the offset
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),  # (B, 64, 14, 14)
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),  # (B, 192, 5, 5)
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.1),
            nn.Linear(192 * 5 * 5, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, 128),
            nn.ReLU(),
            nn.Linear(128, 10),
        )

    def forward(self, x):
        """x: (B, 3, 32, 32) → (B, 10)."""
        return self.classifier(self.features(x))


def evaluate(model, data):
    """The share of images that the model classifies rightly, between 0 and 1.

    model: maps images to logits; its parameters, buffers and mode are the same afterwards. It is asked in evaluation
    mode, without recording gradients.
    data: (images, labels), tensors of shapes (n, ...) and (n,).
    """
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for part in tqdm(torch.arange(len(labels)).split(500), desc="evaluation", leave=False):
            correct += (model(images[part]).argmax(dim=1) == labels[part]).sum().item()
    model.train(was_training)
    return correct / len(labels)


def train(
    model,
    train_set,
    test_set,
    epochs,
    lr,
    momentum,
    *,
    batch_size=128,
    seed=0,
    checkpoint=None,
    weight_decay=0.0,
    draw=None,
    loss=cross_entropy,
):
    """Stochastic gradient descent with momentum; the model is changed in place. Returns the history.

    Each epoch uses every image of the train_set once, in a random order of its own, with the model in training mode.
    train_set, test_set: (images, labels); lr: the largest step size, reached after a fifth of all steps on a straight
    line from 0, and left on one that ends at 0; momentum: in [0, 1).
    seed: of the order of the images and of dropout; the same seed gives the same weights.
    checkpoint: a path where the state is kept after each epoch; a call that finds it there goes on from it.
    draw: (indices, epoch) → images and targets of a batch; without it, those of the train_set.
    loss: of logits and targets.
    The history: {"train_accuracy": [...], "test_accuracy": [...]}, each with one number in [0, 1] for each epoch.
    The training accuracy counts each batch as it was met, before its step.
    """
    images, labels = train_set
    optimizer = torch.optim.SGD(
        model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay, nesterov=momentum > 0, fused=True
    )
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    steps_per_epoch = -(-len(labels) // batch_size)
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)  # each epoch by itself, so that a resumed run is the same run
        model.train()
        correct = 0
        batches = torch.randperm(len(labels)).split(batch_size)
        for step, indices in enumerate(tqdm(batches, desc=f"epoch {epoch + 1} of {epochs}", leave=False)):
            done = (epoch * steps_per_epoch + step + 1) / (epochs * steps_per_epoch + 1)
            optimizer.param_groups[0]["lr"] = lr * min(done / 0.2, (1 - done) / 0.8)
            batch, targets = draw(indices, epoch) if draw else (images[indices], labels[indices])
            logits = model(batch)
            optimizer.zero_grad()
            loss(logits, targets).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


def plot_history(history):
    """A figure of the training and the test accuracy against the epochs 1, 2, ..., E; lines and axes are named.

    history: {"train_accuracy": [...], "test_accuracy": [...]}, each of E numbers in [0, 1].
    """
    epochs = range(1, len(history["test_accuracy"]) + 1)
    fig, ax = plt.subplots()
    ax.plot(epochs, history["train_accuracy"], "o-", markersize=4, label="training")
    ax.plot(epochs, history["test_accuracy"], "s-", markersize=4, label="test")
    ax.locator_params(axis="x", integer=True)
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


def plot_predictions(model, images, classes):
    """A figure of the first six images, two rows of three, each with the title «Prediction: <class>».

    model: maps images to logits, and is left in its mode; images: (n, 1 or 3, height, width), from -1 to 1, n at least
    6; classes: the name of each class.
    """
    was_training = model.training
    model.eval()
    with torch.no_grad():
        predictions = model(images[:6]).argmax(dim=1)
    model.train(was_training)
    fig, axes = plt.subplots(2, 3, figsize=(6.6, 4.8), layout="constrained")
    for ax, image, prediction in zip(axes.flat, images, predictions, strict=False):
        ax.imshow(((image + 1) / 2).permute(1, 2, 0).cpu(), cmap="gray")  # the channels last, from 0 to 1
        ax.set_title(f"Prediction: {classes[prediction]}")
        ax.set_axis_off()
    return fig


hyperparameters: dict[str, dict[str, float]] = {
    "DenseNet": {"epochs": 5, "lr": 0.1, "momentum": 0.9},
    "SimpleCNN": {"epochs": 3, "lr": 0.1, "momentum": 0.9},
    "LogisticNet": {"epochs": 12, "lr": 0.01, "momentum": 0.9},
    "HiddenNet": {"M": 400, "epochs": 12, "lr": 0.05, "momentum": 0.9},
    "ConvNet": {"M": 100, "p": 5, "N": 14, "epochs": 12, "lr": 0.05, "momentum": 0.9},
    "TunedNet": {"epochs": 84, "lr": 0.1, "momentum": 0.9},  # in four parts, with a teacher: recipes/networks.py
}


choosing_on_the_test_set = Written(
    answer=r"""Every accuracy that is measured on the test set is the true one, for new images, plus an error of chance:
which images happen to be in it. Whoever takes the best of several measured numbers takes one whose error is likely to
be positive. So the number of the winner is too high on average: it has been selected by the same images that are to
judge it. The network may still be the best one; it is the *number* that is no longer an estimate without bias.

The effect grows with the number of choices that were tried, by hand or by an epoch at which one stopped, and shrinks
with the number of test images. For 10,000 images and an accuracy near 55 % the standard error is
$\sqrt{0.55 \cdot 0.45 / 10\,000} \approx 0.5$ %, and the best of twenty equal networks with independent errors looks
about 1.9 standard errors better than it is: 0.9 percentage points at most, less in practice, since networks err on the
same images. That is small here; with 500 images it would be four times as much and more.

Honestly: set some of the *training* images aside at random, before anything else, and make every choice (widths, step
sizes, number of epochs) by the accuracy there. The winner's validation accuracy is too high for the same reason as
before: these images have selected it. So one trains the winner once more, on all training images, and reports its
accuracy on the test set, looked at once. That number has selected nothing, so it is unbiased, as long as nothing is
changed after the look. Of this homework's numbers one should say that they were chosen on the test set, among how many,
and that they are therefore a little too good.""",
    rubric=(
        "(0.25) The best of several noisy numbers is too high on average: the test images choose and judge",
        "(0.25) It grows with the number of choices (epochs count, too) and shrinks with the number of test images; a "
        "sense of its size here (10,000 images: half a point to a point at most)",
        "(0.25) The winner's accuracy on the validation set has been selected, too; the test set, looked at once after "
        "all choices, hasn't selected anything: that is the number to report",
    ),
)
