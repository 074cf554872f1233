"""Right answers to the questions of networks in other styles than the reference's.

The networks keep the names of the reference's parameters: the audit grades them with the reference's weights.
"""

import math
import os
from collections import OrderedDict
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from tqdm.auto import tqdm, trange

from shared import keeping
from solutions.banks import variant_of
from solutions.networks import cross_entropy, evaluate
from solutions.networks import hyperparameters as chosen

# ---- cross_entropy --------------------------------------------------------------------------------------------------


@variant_of("cross_entropy")
def function_of_torch(logits, labels):
    return F.cross_entropy(logits, labels)


@variant_of("cross_entropy")
def criterion_of_torch(logits, labels):
    criterion = nn.CrossEntropyLoss()
    return criterion(logits, labels)


@variant_of("cross_entropy")
def negative_log_likelihood(logits, labels):
    """torch's log_softmax, and its loss for logarithms of probabilities."""
    return F.nll_loss(F.log_softmax(logits, dim=1), labels)


@variant_of("cross_entropy")
def gathered_from_logsumexp(logits, labels):
    """logsumexp less the label's logit, which gather picks out."""
    return (torch.logsumexp(logits, dim=1) - logits.gather(1, labels.unsqueeze(1)).squeeze(1)).mean()


@variant_of("cross_entropy")
def one_hot_product(logits, labels):
    """One-hot labels times the logarithms of the probabilities."""
    one_hot = F.one_hot(labels, num_classes=logits.size(1))
    shifted = logits - torch.max(logits, 1, keepdim=True)[0]
    log_softmax = shifted - torch.log(torch.sum(torch.exp(shifted), 1, keepdim=True))
    return -(one_hot * log_softmax).sum() / logits.size(0)


@variant_of("cross_entropy")
def image_after_image(logits, labels):
    """A loop; the maximum counts as a constant for the gradient, which is the same."""
    losses = []
    for row, label in zip(logits, labels, strict=True):
        largest = row.max().detach()
        losses.append(largest + (row - largest).exp().sum().log() - row[label])
    return torch.stack(losses).mean()


@variant_of("cross_entropy")
def masked_in_float64(logits, labels):
    """In double precision, with a mask for the labels."""
    log_softmax = logits.double().log_softmax(-1)
    mask = labels[:, None] == torch.arange(logits.shape[1], device=labels.device)
    return -log_softmax[mask].mean()


@variant_of("cross_entropy")
def added_one_by_one(logits, labels):
    """A running sum, and a list of the logarithms of the sums."""
    largest = logits.amax(dim=1)
    normalisers = largest + torch.log(torch.exp(logits - largest[:, None]).sum(dim=1))
    total = 0
    for i in range(len(labels)):
        total = total + normalisers[i] - logits[i, labels[i].item()]
    return total / len(labels)


@variant_of("cross_entropy")
def differences_to_the_label(logits, labels):
    """The logarithm of the sum of the exponentials of what each logit has more than the label's."""
    of_label = logits[range(len(labels)), labels].unsqueeze(1)
    return (logits - of_label).logsumexp(dim=1).mean(dim=0)


# ---- evaluate -------------------------------------------------------------------------------------------------------


@variant_of("evaluate")
def loader_of_batches(model, data):
    """A DataLoader, as in the tutorial."""
    loader = DataLoader(TensorDataset(*data), batch_size=128, shuffle=False)
    mode = model.training
    model.eval()
    correct = 0
    total = 0
    with torch.no_grad():
        for images, labels in loader:
            outputs = model(images)
            _, predicted = torch.max(outputs.data, 1)
            total += labels.size(0)
            correct += (predicted == labels).sum().item()
    model.train(mode)
    return correct / total


@variant_of("evaluate")
def everything_at_once(model, data):
    """All images in one batch; a tensor of one number is returned."""
    images, labels = data
    was_training = model.training
    model.eval()
    with torch.no_grad():
        predictions = model(images).argmax(dim=1)
    model.train(was_training)
    return (predictions == labels).float().mean()


@variant_of("evaluate")
def few_images_at_a_time(model, data):
    """Small batches, a Python list of what is right, and numpy's mean."""
    images, labels = data
    was_training = model.training
    model.eval()
    right = []
    with torch.inference_mode():
        for start in range(0, len(labels), 10):
            predictions = model(images[start : start + 10]).argmax(dim=1).tolist()
            right += [k == label for k, label in zip(predictions, labels[start : start + 10].tolist(), strict=True)]
    if was_training:
        model.train()
    return np.mean(right)


@variant_of("evaluate")
@torch.no_grad()
def without_gradients_by_a_decorator(model, data):
    """A decorator for the gradients, and try-finally for the mode."""
    images, labels = data
    was_training = model.training
    try:
        model.eval()
        correct = sum(
            model(images[start : start + 256]).argmax(1).eq(labels[start : start + 256]).sum()
            for start in range(0, len(labels), 256)
        )
    finally:
        model.train(was_training)
    return float(correct) / len(labels)


@variant_of("evaluate")
def mode_of_each_module(model, data):
    """Every part of the model gets back its own mode; the gradients' switch is put back by hand."""
    images, labels = data
    modes = {module: module.training for module in model.modules()}
    enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    model.eval()
    predictions = torch.cat([torch.softmax(model(batch), dim=1).argmax(dim=1) for batch in images.split(1000)])
    torch.set_grad_enabled(enabled)
    for module, mode in modes.items():
        module.training = mode
    return _share_of(predictions, labels)


def _share_of(predictions, labels):
    return (predictions.numpy() == labels.numpy()).mean()


@variant_of("evaluate")
def weighted_mean_of_the_batches(model, data):
    """The accuracy of each batch, with the batch's size as its weight; topk for the prediction."""
    images, labels = data
    was_training = model.training
    model.train(False)
    shares, sizes = [], []
    with torch.set_grad_enabled(False):
        for batch, answers in zip(images.split(300), labels.split(300), strict=True):
            predictions = model(batch).topk(1, dim=1).indices.flatten()
            shares.append((predictions == answers).double().mean())
            sizes.append(len(answers))
    model.train(was_training)
    return np.average(shares, weights=sizes)


@variant_of("evaluate")
def one_less_the_errors(model, data):
    """Errors are counted; the loader's batches are shuffled, images with their labels."""
    was_training = model.training
    model.eval()
    wrong = 0
    with torch.no_grad():
        for batch, answers in DataLoader(list(zip(*data, strict=True)), batch_size=64, shuffle=True):
            wrong += int(torch.count_nonzero(model(batch).argmax(dim=1) - answers))
    model.train(mode=was_training)
    return 1 - wrong / data[1].shape[0]


# ---- train ----------------------------------------------------------------------------------------------------------
# The answers leave out `draw`, which is for TunedNet and used by no check.


@variant_of("train")
def loader_with_a_generator(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """A DataLoader that shuffles by a generator of its own; steps of one size."""
    criterion = loss
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["train_accuracy"]), epochs):
        torch.manual_seed(seed + 7919 * epoch)  # for dropout
        generator = torch.Generator().manual_seed(seed + 7919 * epoch)
        loader = DataLoader(TensorDataset(*train_set), batch_size=batch_size, shuffle=True, generator=generator)
        model.train()
        correct, total = 0, 0
        for inputs, labels in loader:
            optimizer.zero_grad()
            outputs = model(inputs)
            criterion(outputs, labels).backward()
            optimizer.step()
            _, predicted = torch.max(outputs.data, 1)
            total += labels.size(0)
            correct += (predicted == labels).sum().item()
        history["train_accuracy"].append(correct / total)
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@variant_of("train")
def constant_steps_with_prints(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The plainest loop: a progress bar, and a line for each epoch."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer)
    if history is None:
        history = {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(100 * seed + epoch)
        order = torch.randperm(len(labels))
        model.train()
        correct = 0
        for start in trange(0, len(labels), batch_size, leave=False):
            indices = order[start : start + batch_size]
            logits = model(images[indices])
            value = loss(logits, labels[indices])
            value.backward()
            optimizer.step()
            optimizer.zero_grad()
            correct += int((logits.argmax(dim=1) == labels[indices]).sum())
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        print(f"epoch {epoch + 1}: train {history['train_accuracy'][-1]:.3f}, test {history['test_accuracy'][-1]:.3f}")
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@variant_of("train")
def momentum_by_hand(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """No optimizer: gradients by autograd.grad, and a velocity for each parameter, kept in a checkpoint of its own."""
    images, labels = train_set
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    velocities = [torch.zeros_like(parameter) for parameter in parameters]
    trained, tested = [], []
    if checkpoint is not None and os.path.exists(checkpoint):
        state = torch.load(checkpoint)
        model.load_state_dict(state["weights"])
        velocities, trained, tested = state["velocities"], state["trained"], state["tested"]
    while len(tested) < epochs:
        torch.manual_seed(hash((seed, len(tested))))
        model.train()
        hits = 0
        for indices in torch.split(torch.randperm(len(labels)), batch_size):
            logits = model(images[indices])
            gradients = torch.autograd.grad(loss(logits, labels[indices]), parameters)
            with torch.no_grad():
                for parameter, velocity, gradient in zip(parameters, velocities, gradients, strict=True):
                    velocity.mul_(momentum).add_(gradient + weight_decay * parameter)
                    parameter -= lr * velocity
            hits += (logits.argmax(1) == labels[indices]).sum().item()
        trained.append(hits / len(labels))
        tested.append(evaluate(model, test_set))
        if checkpoint is not None:
            state = {"weights": model.state_dict(), "velocities": velocities, "trained": trained, "tested": tested}
            torch.save(state, checkpoint)
    return {"train_accuracy": trained, "test_accuracy": tested}


@variant_of("train")
def one_cycle_of_torch(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """torch's one-cycle schedule and Nesterov's momentum; the checkpoint holds the schedule, too."""
    images, labels = train_set
    batches = math.ceil(len(labels) / batch_size)
    optimizer = torch.optim.SGD(
        model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay, nesterov=momentum > 0
    )
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=lr, epochs=epochs, steps_per_epoch=batches, cycle_momentum=False
    )
    train_accuracy, test_accuracy = [], []
    parts = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
    if checkpoint is not None and Path(checkpoint).exists():
        state = torch.load(checkpoint, weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(state[name])
        train_accuracy, test_accuracy = state["train"], state["test"]
    for epoch in range(len(test_accuracy), epochs):
        torch.manual_seed(seed * 1_000_003 + epoch)
        model.train()
        correct = 0
        for indices in tqdm(torch.randperm(len(labels)).split(batch_size)):
            optimizer.zero_grad(set_to_none=False)
            logits = model(images[indices])
            loss(logits, labels[indices]).backward()
            optimizer.step()
            scheduler.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        train_accuracy.append(correct / len(labels))
        test_accuracy.append(evaluate(model, test_set))
        if checkpoint is not None:
            state = {name: part.state_dict() for name, part in parts.items()}
            torch.save(state | {"train": train_accuracy, "test": test_accuracy}, checkpoint)
    return {"train_accuracy": train_accuracy, "test_accuracy": test_accuracy}


@variant_of("train")
def smaller_steps_in_later_epochs(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """A tenth of the step size after half of the epochs, by the number of the epoch; accuracies measured afterwards."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr, momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    done = len(history["test_accuracy"])
    for epoch in range(done, epochs):
        for group in optimizer.param_groups:
            group["lr"] = lr if 2 * epoch < epochs else lr / 10
        torch.manual_seed(seed)
        for _ in range(epoch + 1):
            order = torch.randperm(len(labels))  # those of earlier epochs are drawn again
        model.train()
        for start in range(0, len(order), batch_size):
            indices = order[start : start + batch_size]
            optimizer.zero_grad()
            loss(model(images[indices]), labels[indices]).backward()
            optimizer.step()
        history["train_accuracy"].append(evaluate(model, train_set))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@variant_of("train")
def schedule_of_epochs(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """StepLR, stepped at the end of each epoch and kept in the checkpoint."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.5)
    history = {"train_accuracy": [], "test_accuracy": []}
    first = 0
    if checkpoint and os.path.isfile(checkpoint):
        kept = torch.load(checkpoint)
        first = kept["epoch"]
        model.load_state_dict(kept["model_state_dict"])
        optimizer.load_state_dict(kept["optimizer_state_dict"])
        scheduler.load_state_dict(kept["scheduler_state_dict"])
        history = kept["history"]
    for epoch in range(first, epochs):
        torch.manual_seed(seed)
        torch.manual_seed(torch.randint(2**31, (epoch + 1,))[-1].item())
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            model.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.detach().argmax(dim=1) == labels[indices]).sum()
        scheduler.step()
        history["train_accuracy"].append((correct / len(labels)).item())
        history["test_accuracy"].append(evaluate(model, test_set))
        if checkpoint:
            torch.save(
                {
                    "epoch": epoch + 1,
                    "model_state_dict": model.state_dict(),
                    "optimizer_state_dict": optimizer.state_dict(),
                    "scheduler_state_dict": scheduler.state_dict(),
                    "history": history,
                },
                checkpoint,
            )
    return history


@variant_of("train")
def orders_of_numpy(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Permutations of numpy's, from a seed for each epoch; the history as numpy arrays."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        rng = np.random.default_rng([seed, epoch])
        torch.manual_seed(int(rng.integers(2**31)))
        order = torch.from_numpy(rng.permutation(len(labels)))
        model.train()
        right = 0
        for indices in order.split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            right += np.sum(logits.detach().numpy().argmax(axis=1) == labels[indices].numpy()).item()
        history["train_accuracy"].append(right / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return {name: np.array(accuracies) for name, accuracies in history.items()}


@variant_of("train")
def state_of_the_generator_kept(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Seeded once; the checkpoint holds the state of torch's generator."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = {"train_accuracy": [], "test_accuracy": []}
    torch.manual_seed(seed)
    if checkpoint is not None and Path(checkpoint).is_file():
        weights, memory, history, generator = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(weights)
        optimizer.load_state_dict(memory)
        torch.set_rng_state(generator)
    for _ in range(epochs - len(history["test_accuracy"])):
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        generator = torch.get_rng_state()
        history["test_accuracy"].append(evaluate(model, test_set))
        torch.set_rng_state(generator)
        if checkpoint is not None:
            torch.save((model.state_dict(), optimizer.state_dict(), history, generator), checkpoint)
    return history


@variant_of("train")
def functions_within_the_function(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Parts of the loop as closures; the history holds tensors; the training set is shuffled as a whole."""
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}

    def step(batch, answers):
        logits = model(batch)
        value = loss(logits, answers)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        return (logits.argmax(dim=1) == answers).sum()

    def one_epoch(number):
        torch.manual_seed(31 * seed + 17 * number)
        model.train()
        order = torch.argsort(torch.rand(len(train_set[1])))
        images, labels = train_set[0][order], train_set[1][order]
        batches = zip(images.split(batch_size), labels.split(batch_size), strict=True)
        return sum(step(*batch) for batch in batches) / len(labels)

    for number in range(len(history["test_accuracy"]), epochs):
        history["train_accuracy"].append(one_epoch(number))
        history["test_accuracy"].append(torch.tensor(evaluate(model, test_set)))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@variant_of("train")
def cosine_down_to_nothing(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """A step size that falls along a cosine, by LambdaLR; the history tells how far it had come."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    batches = -(-len(labels) // batch_size)
    done = len(history["test_accuracy"]) * batches
    for group in optimizer.param_groups:
        group["initial_lr"] = lr
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: (1 + math.cos(math.pi * step / (epochs * batches))) / 2, last_epoch=done - 1
    )
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            schedule.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@variant_of("train")
def optimizer_for_each_epoch(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """A new optimizer in each epoch, whose momentum starts from rest: it isn't in the checkpoint."""
    images, labels = train_set
    history = {"train_accuracy": [], "test_accuracy": []}
    if checkpoint is not None and Path(checkpoint).exists():
        weights, history = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(weights)
    for epoch in range(len(history["test_accuracy"]), epochs):
        optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        if checkpoint is not None:
            torch.save([model.state_dict(), history], checkpoint)
    return history


@variant_of("train")
def step_size_inside_the_velocity(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The other way to write momentum, by hand: the step size stands inside the sum. The steps fade out in the end."""
    images, labels = train_set
    velocities = {name: torch.zeros_like(parameter) for name, parameter in model.named_parameters()}
    train_accuracy, test_accuracy = [], []
    if checkpoint is not None and Path(checkpoint).exists():
        kept = torch.load(checkpoint)
        model.load_state_dict(kept["model"])
        velocities, train_accuracy, test_accuracy = kept["velocities"], kept["train"], kept["test"]
    for epoch in range(len(test_accuracy), epochs):
        rate = lr / (1 + epoch)
        torch.manual_seed(epochs * seed + epoch)
        order = torch.randperm(len(labels))
        model.train()
        for start in range(0, len(labels), batch_size):
            indices = order[start : start + batch_size]
            model.zero_grad()
            value = loss(model(images[indices]), labels[indices])
            value.backward()
            with torch.no_grad():
                for name, parameter in model.named_parameters():
                    slope = parameter.grad + weight_decay * parameter
                    velocities[name] = momentum * velocities[name] - rate * slope
                    parameter.add_(velocities[name])
        train_accuracy.append(evaluate(model, train_set))
        test_accuracy.append(evaluate(model, test_set))
        if checkpoint is not None:
            torch.save(
                {
                    "model": model.state_dict(),
                    "velocities": velocities,
                    "train": train_accuracy,
                    "test": test_accuracy,
                },
                checkpoint,
            )
    return {"train_accuracy": train_accuracy, "test_accuracy": test_accuracy}


# ---- plot_history ---------------------------------------------------------------------------------------------------


@variant_of("plot_history")
def figure_of_pyplot(history):
    """No axes in hand, and the current figure returned."""
    epochs = range(1, len(history["train_accuracy"]) + 1)
    plt.figure()
    plt.plot(epochs, history["train_accuracy"])
    plt.plot(epochs, history["test_accuracy"])
    plt.legend(("Training", "Testing"))
    plt.ylabel("Accuracy")
    plt.xlabel("Epoch")
    return plt.gcf()


@variant_of("plot_history")
def axes_returned(history):
    """The axes, with the test curve first and a grid."""
    epochs = np.arange(len(history["test_accuracy"])) + 1
    _, ax = plt.subplots(figsize=(5, 3))
    ax.plot(epochs, history["test_accuracy"], "r.-", label="Test")
    ax.plot(epochs, history["train_accuracy"], "b--", label="Train")
    ax.set_xlabel("Epochs")
    ax.set_ylabel("Classification accuracy")
    ax.set_title("Accuracy against epochs")
    ax.grid(True)
    ax.legend(loc="lower right")
    return ax


@variant_of("plot_history")
def named_by_the_history(history):
    """A loop over the history, whose names are those of the curves; the figure and its axes returned."""
    fig, ax = plt.subplots()
    for name, accuracies in history.items():
        ax.plot(np.arange(1, len(accuracies) + 1), accuracies, marker="o", label=name.replace("_", " "))
    ax.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1))
    fig.legend()
    return fig, ax


@variant_of("plot_history")
def both_in_percent(history):
    """Both curves in percent, as the name of the axis says."""
    fig, ax = plt.subplots()
    epochs = list(range(1, 1 + len(history["train_accuracy"])))
    ax.plot(epochs, [100 * share for share in history["train_accuracy"]], label="training")
    ax.plot(epochs, [100 * share for share in history["test_accuracy"]], label="test")
    ax.set_xlabel("epoch")
    ax.set_ylabel("accuracy in %")
    ax.legend()
    return fig


@variant_of("plot_history")
def columns_at_once(history):
    """Two columns in one call; best values in the legend."""
    both = np.column_stack([history["train_accuracy"], history["test_accuracy"]])
    fig = plt.figure(layout="constrained")
    ax = fig.add_subplot()
    lines = ax.plot(np.arange(1, len(both) + 1), both)
    ax.legend(lines, [f"training (best {both[:, 0].max():.1%})", f"test (best {both[:, 1].max():.1%})"])
    fig.supxlabel("epoch")
    fig.supylabel("accuracy")
    return fig


@variant_of("plot_history")
def chance_drawn_in(history):
    """A third line, for guessing."""
    epochs = torch.arange(1, len(history["test_accuracy"]) + 1)
    fig, ax = plt.subplots()
    ax.axhline(0.1, color="gray", linestyle=":", label="guessing")
    ax.plot(epochs, torch.tensor(history["train_accuracy"]), color="C0", label="accuracy on the training images")
    ax.plot(epochs, torch.tensor(history["test_accuracy"]), color="C1", label="accuracy on the test images")
    ax.set(xlabel="epoch", ylabel="share of images that are right", title="Learning curves")
    ax.legend()
    return fig


@variant_of("plot_history")
def panel_for_each_curve(history):
    """Two panels side by side, named by their titles."""
    epochs = range(1, len(history["test_accuracy"]) + 1)
    fig, (left, right) = plt.subplots(1, 2, sharey=True)
    left.plot(epochs, history["train_accuracy"], "o-")
    left.set(title="Training", xlabel="epoch", ylabel="accuracy")
    right.plot(epochs, history["test_accuracy"], "o-")
    right.set(title="Test", xlabel="epoch", ylabel="accuracy")
    return fig


# ---- plot_predictions -----------------------------------------------------------------------------------------------


@variant_of("plot_predictions")
def pictures_of_pyplot(model, images, classes):
    """The lecture's way, with pyplot's state."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        output = model(images)
    model.train(was_training)
    plt.figure(figsize=(10, 8))
    for i in range(6):
        plt.subplot(2, 3, i + 1)
        plt.tight_layout()
        plt.imshow(np.transpose(images[i].numpy(), (1, 2, 0)) / 2 + 0.5, cmap="gray", interpolation="none")
        plt.title(f"Prediction: {classes[output.data.max(1, keepdim=True)[1][i].item()]}")
        plt.xticks([])
        plt.yticks([])
    return plt.gcf()


@variant_of("plot_predictions")
def image_by_image(model, images, classes):
    """Each image predicted alone, a grey one drawn without its channel; the figure and its axes returned."""
    mode = model.training
    model.train(False)
    fig, axes = plt.subplots(nrows=2, ncols=3)
    for i, ax in enumerate(axes.ravel()):
        with torch.no_grad():
            logits = model(images[i : i + 1])
        image = (images[i] + 1) / 2
        if len(image) == 1:
            ax.imshow(image[0], cmap="gray", vmin=0, vmax=1)
        else:
            ax.imshow(image.permute(1, 2, 0))
        ax.set_title("Prediction: " + str(classes[int(torch.argmax(logits))]))
        ax.axis("off")
    model.train(mode)
    return fig, axes


@variant_of("plot_predictions")
def places_added_to_the_figure(model, images, classes):
    """Bytes for the pixels, probabilities for the prediction; the last axes returned."""
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        probabilities = torch.softmax(model(images[:6]), dim=1).numpy()
    model.train(was_training)
    fig = plt.figure()
    for number in range(1, 7):
        pixels = ((images[number - 1].numpy() + 1) * 127.5).round().astype(np.uint8)
        ax = fig.add_subplot(2, 3, number)
        ax.imshow(np.moveaxis(pixels, 0, -1), cmap="gray")
        ax.set_title(f"Prediction: {classes[probabilities[number - 1].argmax()]}", fontsize=9)
    fig.tight_layout()
    return ax


@variant_of("plot_predictions")
def names_in_a_list(model, images, classes):
    """A grid, names looked up first, and grey images as three equal channels."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        _, predicted = torch.max(model(images[:6]), 1)
    if was_training:
        model.train()
    names = [classes[k] for k in predicted.tolist()]
    fig = plt.figure(figsize=(6, 4))
    grid = fig.add_gridspec(2, 3)
    for i, name in enumerate(names):
        ax = fig.add_subplot(grid[i // 3, i % 3])
        ax.imshow(images[i].expand(3, -1, -1).permute(1, 2, 0).add(1).div(2))
        ax.set(xticks=[], yticks=[], title=f"Prediction: {name}")
    return fig


@variant_of("plot_predictions")
def mosaic_of_pictures(model, images, classes):
    """A mosaic, drawn from the last picture to the first; the figure has a title of its own."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        predictions = model(images[0:6]).argsort(dim=1)[:, -1]
    model.train(was_training)
    fig, places = plt.subplot_mosaic([[0, 1, 2], [3, 4, 5]], figsize=(7, 5))
    for k in reversed(range(6)):
        places[k].imshow(torch.einsum("chw->hwc", images[k] * 0.5 + 0.5), cmap="gray_r")
        places[k].set_title(f"Prediction: {classes[predictions[k]]}")
        places[k].tick_params(left=False, bottom=False, labelleft=False, labelbottom=False)
    fig.suptitle("What the network sees")
    return fig


# ---- hyperparameters ------------------------------------------------------------------------------------------------
# `chosen` is the reference's dictionary: M, p and N have to fit the weights that are submitted with it.


@variant_of("hyperparameters")
def without_the_extra_credit():
    """No TunedNet."""
    return {name: values for name, values in chosen.items() if name != "TunedNet"}


@variant_of("hyperparameters")
def more_than_asked_for():
    """The size of the batches, the seed and the schedule, too."""
    return {name: {**values, "batch_size": 64, "seed": 1, "schedule": "cosine"} for name, values in chosen.items()}


@variant_of("hyperparameters")
def numbers_of_numpy():
    """Step sizes from a logarithmic grid, whole numbers of numpy's."""
    grid = np.logspace(-4, 0, 9)
    reported = {}
    for name, values in chosen.items():
        sizes = {key: np.int64(values[key]) for key in ("M", "p", "N") if key in values}
        reported[name] = {**sizes, "epochs": np.int64(10), "lr": grid[5], "momentum": np.float64(0.95)}
    return reported


@variant_of("hyperparameters")
def no_momentum_at_all():
    """Momentum 0, a step size of 1, a single epoch; the networks in the opposite order."""
    training = {"epochs": 1, "lr": 1, "momentum": 0}
    return {name: {**chosen[name], **training} for name in reversed(chosen)}


@variant_of("hyperparameters")
def as_in_the_homework():
    """The small steps of the tutorial, for many epochs."""
    training = {"epochs": 200, "lr": 0.001, "momentum": 0.05}
    return {name: dict(values, **training) for name, values in chosen.items()}


@variant_of("hyperparameters")
def entry_by_entry():
    """A dictionary that is filled line by line, with a whole number of epochs as a float."""
    reported = {name: {} for name in chosen}
    for name, values in chosen.items():
        for key in sorted(values):
            reported[name][key] = values[key]
    reported["LogisticNet"]["epochs"] = 30.0
    reported["LogisticNet"]["lr"] = 5e-3
    return reported


# ---- parts of networks ----------------------------------------------------------------------------------------------


class OwnAffine(nn.Module):
    """x W' + b for rows x, with parameters made by hand."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs).normal_(0, math.sqrt(1 / inputs)))
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return x.mm(self.weight.t()) + self.bias


class OwnConvolution(nn.Module):
    """A convolution as a matrix product: each window of p x p pixels is a column."""

    def __init__(self, channels, filters, p):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(filters, channels, p, p) / math.sqrt(channels * p * p))
        self.bias = nn.Parameter(torch.zeros(filters))

    def forward(self, x):
        filters, _, p, _ = self.weight.shape
        columns = F.unfold(x, p)  # (B, channels * p * p, positions)
        responses = self.weight.flatten(1) @ columns + self.bias[:, None]
        height, width = x.shape[2] - p + 1, x.shape[3] - p + 1
        return responses.view(len(x), filters, height, width)


# ---- DenseNet -------------------------------------------------------------------------------------------------------


@variant_of("DenseNet")
class DenseOfTheLecture(nn.Module):
    """As in the lecture: a view, and the ReLU as a layer."""

    def __init__(self):
        super(DenseOfTheLecture, self).__init__()  # noqa: UP008
        self.hidden = nn.Linear(28 * 28, 512)
        self.relu = nn.ReLU()
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = x.view(-1, 28 * 28)
        x = self.relu(self.hidden(x))
        return self.out(x)


@variant_of("DenseNet")
def dense_sequential():
    """No class at all: named layers in a row."""
    return nn.Sequential(
        OrderedDict(
            flatten=nn.Flatten(),
            hidden=nn.Linear(784, 512),
            relu=nn.ReLU(),
            out=nn.Linear(512, 10),
        )
    )


@variant_of("DenseNet")
class DenseByHand(nn.Module):
    """Own parameters, a matrix product, and the maximum with zero."""

    def __init__(self):
        super().__init__()
        self.hidden = OwnAffine(784, 512)
        self.out = OwnAffine(512, 10)

    def forward(self, x):
        hidden = self.hidden(x.reshape(x.size(0), 784))
        return self.out(torch.maximum(hidden, torch.tensor(0.0)))


@variant_of("DenseNet")
class DenseLazy(nn.Module):
    """Layers that find out their input's size; clamp for the ReLU."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.LazyLinear(512)
        self.out = nn.LazyLinear(10)

    def forward(self, x):
        return self.out(self.hidden(torch.flatten(x, start_dim=1)).clamp(min=0))


@variant_of("DenseNet")
class DenseOfTemplates(nn.Module):
    """Each hidden unit has a picture of its weights, which is multiplied with the image; He's initialisation."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(784, 512)
        self.out = nn.Linear(512, 10)
        nn.init.kaiming_normal_(self.hidden.weight, nonlinearity="relu")
        nn.init.xavier_uniform_(self.out.weight)
        nn.init.zeros_(self.hidden.bias)

    def forward(self, x):
        pictures = self.hidden.weight.view(512, 28, 28)
        h = torch.einsum("bhw,khw->bk", x[:, 0], pictures) + self.hidden.bias
        return F.linear(torch.where(h > 0, h, torch.zeros_like(h)), self.out.weight, self.out.bias)


@variant_of("DenseNet")
class DenseModuleDict(nn.ModuleDict):
    """The network is a dictionary of its layers; the ReLU works in place."""

    def __init__(self):
        super().__init__({"hidden": nn.Linear(28 * 28, 512), "out": nn.Linear(512, 10)})

    def forward(self, x):
        hidden = self["hidden"](x.squeeze(1).flatten(1))
        return self["out"](F.relu(hidden, inplace=True))


# ---- SimpleCNN ------------------------------------------------------------------------------------------------------


@variant_of("SimpleCNN")
class SimpleOfTheLecture(nn.Module):
    """As in the lecture: ReLU before the pooling, and a view with a -1."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = x.view(-1, 320)
        x = torch.relu(self.hidden(x))
        return self.out(x)


@variant_of("SimpleCNN")
class SimpleSequential(nn.Sequential):
    """A row of named layers without a forward of its own."""

    def __init__(self):
        super().__init__()
        self.add_module("conv1", nn.Conv2d(1, 10, 5))
        self.add_module("relu1", nn.ReLU(inplace=True))
        self.add_module("pool1", nn.MaxPool2d(kernel_size=2, stride=2))
        self.add_module("conv2", nn.Conv2d(10, 20, 5))
        self.add_module("relu2", nn.ReLU(inplace=True))
        self.add_module("pool2", nn.MaxPool2d(kernel_size=2, stride=2))
        self.add_module("flatten", nn.Flatten())
        self.add_module("hidden", nn.Linear(320, 50))
        self.add_module("relu3", nn.ReLU(inplace=True))
        self.add_module("out", nn.Linear(50, 10))


@variant_of("SimpleCNN")
class SimpleLazy(nn.Module):
    """Layers that find out their input's sizes; one ReLU before its pooling and one after it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.LazyConv2d(10, 5)
        self.conv2 = nn.LazyConv2d(20, 5)
        self.hidden = nn.LazyLinear(50)
        self.out = nn.LazyLinear(10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.hidden(x.reshape(x.shape[0], -1)))
        return self.out(x)


@variant_of("SimpleCNN")
class SimpleByHand(nn.Module):
    """Own parameters, convolutions as matrix products, the maxima of squares by a reshape."""

    def __init__(self):
        super().__init__()
        self.conv1 = OwnConvolution(1, 10, 5)
        self.conv2 = OwnConvolution(10, 20, 5)
        self.hidden = OwnAffine(320, 50)
        self.out = OwnAffine(50, 10)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = conv(x).clamp_min(0)
            batch, channels, height, width = x.shape
            x = x.reshape(batch, channels, height // 2, 2, width // 2, 2).amax(dim=(3, 5))
        return self.out(self.hidden(x.flatten(1)).clamp_min(0))


@variant_of("SimpleCNN")
class SimpleFunctional(nn.Module):
    """The layers only hold their parameters; functions do the work, in another layout of the memory."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, (5, 5))
        self.conv2 = nn.Conv2d(10, 20, (5, 5))
        self.hidden = nn.Linear(20 * 4 * 4, 50)
        self.out = nn.Linear(50, 10)
        for layer in self.children():
            nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = x.to(memory_format=torch.channels_last)
        for layer in (self.conv1, self.conv2):
            x = F.conv2d(x, layer.weight, layer.bias)
            x = F.threshold(F.max_pool2d(x, 2), 0.0, 0.0)
        x = F.linear(x.flatten(1), self.hidden.weight, self.hidden.bias)
        return F.linear(x.relu(), self.out.weight, self.out.bias)


@variant_of("SimpleCNN")
class SimpleOfHalves(nn.Module):
    """Two methods for two halves; the pooling takes the larger of neighbours, rows first."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def pooled(self, x):
        x = torch.max(x[:, :, 0::2], x[:, :, 1::2])
        return torch.max(x[:, :, :, 0::2], x[:, :, :, 1::2])

    def features(self, x):
        x = F.relu(self.pooled(self.conv1(x)))
        return F.relu(self.pooled(self.conv2(x))).flatten(1)

    def forward(self, x):
        return self.out(F.relu(self.hidden(self.features(x))))


# ---- LogisticNet ----------------------------------------------------------------------------------------------------


@variant_of("LogisticNet")
class LogisticOfTheTutorial(nn.Module):
    """In the tutorial's style, with a view for any batch."""

    def __init__(self):
        super(LogisticOfTheTutorial, self).__init__()  # noqa: UP008
        self.out = nn.Linear(3072, 10)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return self.out(x)


@variant_of("LogisticNet")
def logistic_sequential():
    """No class at all: named layers in a row."""
    return nn.Sequential(OrderedDict([("flatten", nn.Flatten()), ("out", nn.Linear(3 * 32 * 32, 10))]))


@variant_of("LogisticNet")
class LogisticFromZero(nn.Module):
    """All parameters start at zero, as the risk is convex."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3072, 10)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x):
        return F.linear(x.reshape(-1, 3072), self.out.weight, self.out.bias)


@variant_of("LogisticNet")
class LogisticByHand(nn.Module):
    """Own parameters and a matrix product."""

    def __init__(self):
        super().__init__()
        self.out = OwnAffine(3072, 10)

    def forward(self, x):
        return self.out(x.flatten(start_dim=1))


@variant_of("LogisticNet")
class LogisticLazy(nn.Module):
    """The layer finds out its input's size."""

    def __init__(self):
        super().__init__()
        self.flatten = nn.Flatten()
        self.out = nn.LazyLinear(10)

    def forward(self, x):
        return self.out(self.flatten(x))


@variant_of("LogisticNet")
class LogisticOfTemplates(nn.Module):
    """One picture of weights for each class: a filter as large as the image."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3072, 10)

    def forward(self, x):
        templates = self.out.weight.view(10, 3, 32, 32)
        return F.conv2d(x, templates, self.out.bias)[:, :, 0, 0]


@variant_of("LogisticNet")
class LogisticChannelByChannel(nn.Module):
    """The sum of three maps, one for each channel."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3072, 10)

    def forward(self, x):
        red, green, blue = self.out.weight.split(1024, dim=1)
        parts = (channel.flatten(1) @ W.T for channel, W in zip(x.unbind(1), (red, green, blue), strict=True))
        return sum(parts) + self.out.bias


@variant_of("LogisticNet")
class LogisticImageByImage(nn.Module):
    """A loop over the images of a batch."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3072, 10)

    def forward(self, x):
        return torch.stack([self.out.weight.mv(image.ravel()) + self.out.bias for image in x])


# ---- HiddenNet ------------------------------------------------------------------------------------------------------


@variant_of("HiddenNet")
class HiddenOfTheTutorial(nn.Module):
    """In the tutorial's style: a view, and F.relu."""

    def __init__(self, M):
        super(HiddenOfTheTutorial, self).__init__()  # noqa: UP008
        self.M = M
        self.hidden = nn.Linear(3072, self.M)
        self.out = nn.Linear(self.M, 10)

    def forward(self, x):
        x = x.view(-1, 3072)
        x = F.relu(self.hidden(x))
        return self.out(x)


@variant_of("HiddenNet")
class HiddenSequential(nn.Sequential):
    """A row of named layers without a forward of its own."""

    def __init__(self, M):
        layers = [
            ("vec", nn.Flatten()),
            ("hidden", nn.Linear(3 * 32 * 32, M)),
            ("relu", nn.ReLU(inplace=True)),
            ("out", nn.Linear(M, 10)),
        ]
        super().__init__(OrderedDict(layers))


@variant_of("HiddenNet")
class HiddenByHand(nn.Module):
    """Own parameters, and the ReLU as half the sum of a number and its absolute value."""

    def __init__(self, M):
        super().__init__()
        self.hidden = OwnAffine(3072, M)
        self.out = OwnAffine(M, 10)

    def forward(self, x):
        h = self.hidden(x.reshape(len(x), 3072))
        return self.out((h + h.abs()) / 2)


@variant_of("HiddenNet")
class HiddenLazy(nn.Module):
    """Layers that find out their input's size; the ReLU as a threshold."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.LazyLinear(M)
        self.out = nn.LazyLinear(10)
        self.activation = nn.Threshold(0.0, 0.0)

    def forward(self, x):
        return self.out(self.activation(self.hidden(x.flatten(1, 3))))


@variant_of("HiddenNet")
class HiddenColumns(nn.Module):
    """As the formula has it: images are columns, and matrices stand on the left."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3072, M)
        self.out = nn.Linear(M, 10)
        nn.init.kaiming_normal_(self.hidden.weight)
        nn.init.normal_(self.out.weight, std=0.01)

    def forward(self, x):
        W1, b1 = self.hidden.weight, self.hidden.bias
        W2, b2 = self.out.weight, self.out.bias
        vec = x.flatten(1).T  # (3072, B)
        return (W2 @ torch.relu(W1 @ vec + b1[:, None]) + b2[:, None]).T


@variant_of("HiddenNet")
class HiddenMasked(nn.Module):
    """einsum for the products, and the ReLU as a product with an indicator."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        h = torch.einsum("mcij,bcij->bm", self.hidden.weight.unflatten(1, (3, 32, 32)), x) + self.hidden.bias
        return torch.einsum("km,bm->bk", self.out.weight, h * (h > 0)) + self.out.bias


# ---- ConvNet --------------------------------------------------------------------------------------------------------


@variant_of("ConvNet")
class ConvOfTheTutorial(nn.Module):
    """In the tutorial's style: ReLU, then the pooling, then a view."""

    def __init__(self, M, p, N):
        super(ConvOfTheTutorial, self).__init__()  # noqa: UP008
        self.features = M * ((33 - p) // N) ** 2
        self.conv = nn.Conv2d(3, M, p)
        self.pool = nn.MaxPool2d(N, N)
        self.out = nn.Linear(self.features, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = x.view(-1, self.features)
        return self.out(x)


@variant_of("ConvNet")
def conv_sequential(M, p, N):
    """No class at all: named layers in a row, the pooling first and the ReLU in place."""
    size = (33 - p) // N
    return nn.Sequential(
        OrderedDict(
            conv=nn.Conv2d(3, M, kernel_size=p),
            pool=nn.MaxPool2d(N),
            relu=nn.ReLU(inplace=True),
            vec=nn.Flatten(),
            out=nn.Linear(M * size * size, 10),
        )
    )


@variant_of("ConvNet")
class ConvByHand(nn.Module):
    """Own parameters, the convolution as a matrix product, the maxima of squares by a reshape."""

    def __init__(self, M, p, N):
        super().__init__()
        self.N, self.size = N, (33 - p) // N
        self.conv = OwnConvolution(3, M, p)
        self.out = OwnAffine(M * self.size**2, 10)

    def forward(self, x):
        N, size = self.N, self.size
        x = self.conv(x)[:, :, : size * N, : size * N].clamp(min=0)
        x = x.reshape(*x.shape[:2], size, N, size, N).amax(dim=3).amax(dim=4)
        return self.out(x.flatten(1))


@variant_of("ConvNet")
class ConvLazy(nn.Module):
    """Layers that find out their input's size, so that no formula is needed for the last one."""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.LazyConv2d(M, kernel_size=p)
        self.pool = nn.MaxPool2d(kernel_size=(N, N))
        self.out = nn.LazyLinear(10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        return self.out(torch.flatten(x, 1))


@variant_of("ConvNet")
class ConvFunctional(nn.Module):
    """The layers only hold their parameters; the pooling goes along the rows, then along the columns."""

    def __init__(self, M, p, N):
        super().__init__()
        self.N = N
        self.conv = nn.Conv2d(3, M, p)
        self.out = nn.Linear(M * int((33 - p) / N) ** 2, 10)
        nn.init.kaiming_normal_(self.conv.weight, nonlinearity="relu")

    def forward(self, x):
        x = F.relu(F.conv2d(x, self.conv.weight, self.conv.bias))
        x = F.max_pool2d(F.max_pool2d(x, (self.N, 1)), (1, self.N))
        return F.linear(x.reshape(x.size(0), -1), self.out.weight, self.out.bias)


@variant_of("ConvNet")
class ConvChannelsLast(nn.Module):
    """Colours as the last axis in memory, for speed; the size is found by a trial run."""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        with torch.no_grad():
            features = self.features(torch.zeros(1, 3, 32, 32)).shape[1]
        self.out = nn.Linear(features, 10)

    def features(self, x):
        x = x.contiguous(memory_format=torch.channels_last)
        return self.pool(self.conv(x)).clamp(min=0).flatten(1)

    def forward(self, x):
        return self.out(self.features(x))


@variant_of("ConvNet")
class ConvOffsetAfterThePool(nn.Module):
    """The offset of a filter is the same at all pixels, so it may be added to the maximum."""

    def __init__(self, M, p, N):
        super().__init__()
        self.N = N
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.out = nn.Linear(M * math.floor((33 - p) / N) ** 2, 10)

    def forward(self, x):
        x = F.max_pool2d(F.conv2d(x, self.conv.weight), self.N)
        x = torch.relu(x + self.conv.bias[:, None, None])
        return self.out(x.flatten(1))


# ---- TunedNet -------------------------------------------------------------------------------------------------------


@variant_of("TunedNet")
class TunedFunctional(nn.Module):
    """Layers by their numbers in a dictionary; functions for all that has no parameters."""

    def __init__(self):
        super().__init__()
        self.features = nn.ModuleDict(
            {
                "0": nn.Conv2d(3, 64, 5, bias=False),
                "2": nn.BatchNorm2d(64),
                "4": nn.Conv2d(64, 192, 5, bias=False),
                "6": nn.BatchNorm2d(192),
            }
        )
        self.classifier = nn.ModuleDict(
            {
                "2": nn.Linear(4800, 256, bias=False),
                "3": nn.BatchNorm1d(256),
                "5": nn.Linear(256, 128),
                "7": nn.Linear(128, 10),
            }
        )

    def forward(self, x):
        x = F.max_pool2d(self.features["0"](x), 3, stride=2, padding=1)
        x = F.relu(self.features["2"](x))
        x = F.max_pool2d(self.features["4"](x), 3, stride=2, padding=1)
        x = F.relu(self.features["6"](x))
        x = F.dropout(x.flatten(1), 0.3, training=self.training)
        x = F.relu(self.classifier["3"](self.classifier["2"](x)))
        x = F.dropout(x, 0.3, training=self.training)
        x = F.relu(self.classifier["5"](x))
        return self.classifier["7"](x)


@variant_of("TunedNet")
class TunedSequential(nn.Sequential):
    """Two rows of layers in a row, made by a loop; no forward of its own, and no dropout."""

    def __init__(self):
        features = []
        for inputs, outputs in ((3, 64), (64, 192)):
            features += [
                nn.Conv2d(inputs, outputs, kernel_size=5, bias=False),
                nn.MaxPool2d(3, stride=2, padding=1),
                nn.BatchNorm2d(outputs),
                nn.ReLU(inplace=True),
            ]
        classifier = [
            nn.Flatten(),
            nn.Identity(),
            nn.Linear(192 * 5 * 5, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(inplace=True),
            nn.Linear(256, 128),
            nn.ReLU(inplace=True),
            nn.Linear(128, 10),
        ]
        rows = OrderedDict(features=nn.Sequential(*features), classifier=nn.Sequential(*classifier))
        super().__init__(rows)


@variant_of("TunedNet")
def tuned_without_a_class():
    """A function that puts the network together; whole channels are dropped."""
    features = nn.Sequential(
        nn.Conv2d(3, 64, 5, bias=False),
        nn.MaxPool2d(3, 2, 1),
        nn.BatchNorm2d(64),
        nn.ReLU(),
        nn.Conv2d(64, 192, 5, bias=False),
        nn.MaxPool2d(3, 2, 1),
        nn.BatchNorm2d(192),
        nn.ReLU(),
    )
    classifier = nn.Sequential(
        nn.Dropout2d(0.1),
        nn.Flatten(),
        nn.Linear(192 * 5 * 5, 256, bias=False),
        nn.BatchNorm1d(256),
        nn.ReLU(),
        nn.Linear(256, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )
    return nn.Sequential(OrderedDict(features=features, classifier=classifier))


@variant_of("TunedNet")
class TunedLazy(nn.Module):
    """Layers that find out their input's sizes."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.LazyConv2d(64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
            nn.LazyConv2d(192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.LazyBatchNorm2d(),
            nn.ReLU(),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.5),
            nn.LazyLinear(256, bias=False),
            nn.LazyBatchNorm1d(),
            nn.ReLU(),
            nn.LazyLinear(128),
            nn.ReLU(),
            nn.LazyLinear(10),
        )

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x)


@variant_of("TunedNet")
class TunedMirrorsWhileTraining(nn.Module):
    """Lists of layers, with gaps for what has no parameters; images are mirrored by chance while it trains."""

    def __init__(self):
        super().__init__()
        gap = nn.Identity()
        conv1, conv2 = nn.Conv2d(3, 64, 5, bias=False), nn.Conv2d(64, 192, 5, bias=False)
        fc1, fc2, fc3 = nn.Linear(4800, 256, bias=False), nn.Linear(256, 128), nn.Linear(128, 10)
        self.features = nn.ModuleList([conv1, gap, nn.BatchNorm2d(64), gap, conv2, gap, nn.BatchNorm2d(192)])
        self.classifier = nn.ModuleList([gap, gap, fc1, nn.BatchNorm1d(256), gap, fc2, gap, fc3])

    def forward(self, x):
        conv1, _, norm1, _, conv2, _, norm2 = self.features
        _, _, fc1, norm3, _, fc2, _, fc3 = self.classifier
        if self.training:
            x = torch.where(torch.rand(len(x), 1, 1, 1) < 0.5, x.flip(3), x)
        x = torch.relu(norm1(F.max_pool2d(conv1(x), 3, 2, 1)))
        x = torch.relu(norm2(F.max_pool2d(conv2(x), 3, 2, 1)))
        x = torch.relu(norm3(fc1(x.flatten(1))))
        return fc3(torch.relu(fc2(x)))


@variant_of("TunedNet")
class TunedByFunctions(nn.Module):
    """F.conv2d and F.batch_norm with what the layers hold; a pixel of -inf around the image for the pooling."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.Identity(),
            nn.BatchNorm2d(64),
            nn.Identity(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.Identity(),
            nn.BatchNorm2d(192),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(),
            nn.Linear(4800, 256, bias=False),
            nn.BatchNorm1d(256),
            nn.ReLU(),
            nn.Linear(256, 128),
            nn.ReLU(),
            nn.Linear(128, 10),
        )

    def normed(self, x, norm):
        statistics = norm.running_mean, norm.running_var
        return F.batch_norm(x, *statistics, norm.weight, norm.bias, self.training, norm.momentum, norm.eps)

    def forward(self, x):
        for conv, norm in ((self.features[0], self.features[2]), (self.features[4], self.features[6])):
            x = F.pad(F.conv2d(x, conv.weight), (1, 1, 1, 1), value=-torch.inf)
            x = F.relu(self.normed(F.max_pool2d(x, 3, stride=2), norm))
        return self.classifier(x)
