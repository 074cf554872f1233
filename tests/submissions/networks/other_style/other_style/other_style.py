# %% [markdown]
# # Right answers in another style
#
# Networks as `nn.Sequential`, with lazy layers or from functions; PyTorch's own loss and data loader; OneCycleLR;
# percent on the axes; weights from several graphics cards (`module.`) and in bfloat16.

# %%
import copy
import functools

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

# %%
cross_entropy = functools.partial(F.cross_entropy, reduction="mean")


# %%
@torch.inference_mode()
def evaluate(model, data):
    before = [(module, module.training) for module in model.modules()]
    model.eval()
    right = torch.cat([model(x.to(device)).argmax(-1).cpu() == y for x, y in DataLoader(TensorDataset(*data), 256)])
    for module, mode in before:
        module.training = mode
    return right.double().mean()


# %%
def train(model, train_set, test_set, epochs, lr, momentum, *, batch_size=128, seed=0, checkpoint=None, **others):
    generator = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(*train_set), batch_size, shuffle=True, generator=generator)
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=lr, total_steps=epochs * len(loader), cycle_momentum=False
    )
    history = {"train_accuracy": [], "test_accuracy": []}
    torch.manual_seed(seed)
    begin = 0
    if checkpoint is not None:
        try:
            kept = torch.load(checkpoint, weights_only=True)
        except FileNotFoundError:
            pass
        else:
            model.load_state_dict(kept["net"])
            optimizer.load_state_dict(kept["sgd"])
            scheduler.load_state_dict(kept["lr"])
            generator.set_state(kept["order"])
            torch.set_rng_state(kept["luck"])
            history, begin = kept["curves"], kept["done"]
    for epoch in range(begin, epochs):
        model.train()
        for x, y in loader:
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(x.to(device)), y.to(device)).backward()
            optimizer.step()
            scheduler.step()
        history["train_accuracy"].append(evaluate(model, train_set).item())
        history["test_accuracy"].append(evaluate(model, test_set).item())
        print(f"epoch {epoch + 1}: {history['test_accuracy'][-1]:.1%}")
        if checkpoint is not None:
            torch.save(
                {
                    "net": model.state_dict(),
                    "sgd": optimizer.state_dict(),
                    "lr": scheduler.state_dict(),
                    "order": generator.get_state(),
                    "luck": torch.get_rng_state(),
                    "curves": copy.deepcopy(history),
                    "done": epoch + 1,
                },
                checkpoint,
            )
    return history


# %%
def plot_history(history):
    fig = plt.figure()
    n = len(history["train_accuracy"])
    for key, marker in (("test_accuracy", "x"), ("train_accuracy", "o")):
        plt.plot(range(1, n + 1), [100 * share for share in history[key]], marker, label=key)
    plt.xlabel("Epoch")
    plt.ylabel("accuracy in %")
    plt.legend()
    return fig


# %%
class DenseNet(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))


# %%
def plot_predictions(model, images, classes):
    was = model.training
    model.eval()
    with torch.no_grad():
        _, best = model(images).max(1)
    model.train(was)
    fig = plt.figure(figsize=(10, 8))
    for i in range(6):
        ax = fig.add_subplot(2, 3, i + 1)
        pixels = ((images[i] * 0.5 + 0.5) * 255).round().to(torch.uint8)
        ax.imshow(pixels[0] if len(pixels) == 1 else pixels.permute(1, 2, 0), cmap="gray")
        ax.set_title("Prediction: {}".format(classes[best[i].item()]))
        ax.axis("off")
    return fig


# %%
class SimpleCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.c1, self.c2 = nn.Conv2d(1, 10, (5, 5)), nn.Conv2d(10, 20, (5, 5))
        self.f1, self.f2 = nn.LazyLinear(50), nn.LazyLinear(10)

    def forward(self, x):
        for layer in (self.c1, self.c2):
            x = F.max_pool2d(F.relu(layer(x)), 2, stride=2)
        return self.f2(F.relu(self.f1(torch.flatten(x, start_dim=1))))


# %%
hyperparameters = dict(
    DenseNet=dict(epochs=5, lr=0.1, momentum=0.9),
    SimpleCNN=dict(epochs=3, lr=0.1, momentum=0.9),
    LogisticNet=dict(epochs=12, lr=0.01, momentum=0.9),
    HiddenNet=dict(M=400, epochs=12, lr=0.05, momentum=0.9),
    ConvNet=dict(M=100, p=5, N=14, epochs=12, lr=0.05, momentum=0.9),
)


# %%
class LogisticNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.W = nn.Parameter(torch.randn(3072, 10) / 3072**0.5)
        self.b = nn.Parameter(torch.zeros(10))

    def forward(self, x):
        return x.reshape(x.shape[0], -1) @ self.W + self.b


# %%
def HiddenNet(M):
    return nn.Sequential(nn.Flatten(), nn.LazyLinear(M), nn.ReLU(inplace=True), nn.LazyLinear(10))


# %%
class ConvNet(nn.Module):
    def __init__(self, M=100, p=5, N=14):
        super().__init__()
        self.seq = nn.Sequential(nn.Conv2d(3, M, p), nn.ReLU(), nn.MaxPool2d(N, N), nn.Flatten())
        with torch.no_grad():
            width = self.seq(torch.zeros(1, 3, 32, 32)).shape[1]
        self.last = nn.Linear(width, 10)

    def forward(self, x):
        return self.last(self.seq(x))
