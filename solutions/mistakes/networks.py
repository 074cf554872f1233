"""Wrong answers to the questions of networks, each with one wrong step; the docstring is its author's hint."""

import copy
import math
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from shared import keeping
from solutions.banks import mistake_of
from solutions.networks import cross_entropy, evaluate
from solutions.networks import hyperparameters as chosen

# ---- cross_entropy --------------------------------------------------------------------------------------------------


@mistake_of("cross_entropy")
def summed_over_the_batch(logits, labels):
    """Give your function a batch, then the same batch twice over. How should the two losses compare?"""
    return -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].sum()


@mistake_of("cross_entropy")
def exponentials_that_overflow(logits, labels):
    """Try a logit of 1000: what is its exponential in the computer? A softmax stays the same if you subtract what?"""
    exponentials = logits.exp()
    softmax = exponentials / exponentials.sum(dim=1, keepdim=True)
    return -softmax[torch.arange(len(labels)), labels].log().mean()


@mistake_of("cross_entropy")
def logarithm_of_a_softmax(logits, labels):
    """Give the right class a logit 200 below another's: its probability is rounded to 0 before you take the logarithm.
    Can you take the logarithm of the quotient by hand first?"""
    softmax = torch.softmax(logits, dim=1)
    return -softmax[torch.arange(len(labels)), labels].log().mean()


@mistake_of("cross_entropy")
def small_number_in_the_logarithm(logits, labels):
    """How large can your loss become at most, however wrong the logits are? What you add inside the logarithm hides a
    rounding to 0 rather than avoiding it."""
    softmax = torch.softmax(logits, dim=1)
    return -(softmax[torch.arange(len(labels)), labels] + 1e-8).log().mean()


@mistake_of("cross_entropy")
def logits_cut_off(logits, labels):
    """Your loss doesn't change any more once a logit is beyond a bound. Is there a way against overflow that keeps the
    differences between the logits?"""
    return -torch.log_softmax(logits.clamp(-50, 50), dim=1)[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def largest_of_the_whole_batch(logits, labels):
    """Which maximum do you subtract? Think of a batch in which one image has logits near 0 and another near 1000."""
    shifted = logits - logits.max()
    log_softmax = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_softmax[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def maximum_in_one_place_only(logits, labels):
    """Add the same number to all logits of an image: the loss should stay the same. Where have you subtracted the
    maximum, and where not?"""
    shifted = logits - logits.max(dim=1, keepdim=True).values
    return (shifted.exp().sum(dim=1).log() - logits[torch.arange(len(labels)), labels]).mean()


@mistake_of("cross_entropy")
def maxima_along_the_batch(logits, labels):
    """Print the shape of the maxima beside that of the logits. Which maximum is subtracted from which row?"""
    shifted = logits - logits.max(dim=1).values
    log_softmax = shifted - shifted.exp().sum(dim=1).log()
    return -log_softmax[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def softmax_down_the_batch(logits, labels):
    """The probabilities of one image should add up to 1. Over which dimension do yours?"""
    return -torch.log_softmax(logits, dim=0)[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def sign_forgotten(logits, labels):
    """Is your loss positive or negative? A better answer should make it smaller."""
    return torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def softmax_twice(logits, labels):
    """How small can your loss become, however sure the logits are? Count how often a softmax is taken."""
    probabilities = torch.softmax(logits, dim=1)
    return nn.CrossEntropyLoss()(probabilities, labels)


@mistake_of("cross_entropy")
def logits_taken_for_probabilities(logits, labels):
    """Nothing in your formula couples an image's logits with each other. What turns logits into probabilities?"""
    return -logits[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def probability_without_logarithm(logits, labels):
    """Your loss is never above 1. Compare it with the formula: what is taken of the probability there?"""
    return (1 - torch.softmax(logits, dim=1)[torch.arange(len(labels)), labels]).mean()


@mistake_of("cross_entropy")
def mean_over_images_and_classes(logits, labels):
    """Your loss is too small by a factor that is always the same. Of how many numbers do you take the mean, and how
    many of them are 0?"""
    one_hot = nn.functional.one_hot(labels, logits.shape[1])
    return -(one_hot * torch.log_softmax(logits, dim=1)).mean()


@mistake_of("cross_entropy")
def logarithm_of_base_two(logits, labels):
    """For ten equal logits, which number should come out, and which one does? There is more than one logarithm."""
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_softmax = (shifted - shifted.exp().sum(dim=1, keepdim=True).log()) / math.log(2)
    return -log_softmax[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def logarithm_of_base_ten(logits, labels):
    """Ten equal logits give 1 in yours. Which logarithm belongs to the exponential of the softmax?"""
    shifted = logits - logits.max(dim=1, keepdim=True).values
    log_softmax = shifted - shifted.exp().sum(dim=1, keepdim=True).log()
    return -log_softmax[torch.arange(len(labels)), labels].mean() / math.log(10)


@mistake_of("cross_entropy")
def every_image_with_every_label(logits, labels):
    """For a batch of 4, how many numbers do your labels pick out? Each image has one label only."""
    return -torch.log_softmax(logits, dim=1)[:, labels].mean()


@mistake_of("cross_entropy")
def labels_as_rows(logits, labels):
    """Which dimension of the logits has an entry for each class? See on which of the two you use the labels."""
    return -torch.log_softmax(logits, dim=1)[labels, torch.arange(len(labels))].mean()


@mistake_of("cross_entropy")
def loss_of_the_prediction(logits, labels):
    """Exchange the labels for others: your loss stays the same. Whose probability do you take?"""
    return -torch.log_softmax(logits, dim=1).max(dim=1).values.mean()


@mistake_of("cross_entropy")
def worst_image_only(logits, labels):
    """Improve one image of a batch: does your loss always become smaller? Look at what joins the images' losses."""
    return -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].min()


@mistake_of("cross_entropy")
def loss_of_each_image(logits, labels):
    """How many numbers does your function return, and how many can be minimised at once?"""
    return -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels]


@mistake_of("cross_entropy")
def batches_of_four(logits, labels):
    """Your loss is right for a batch of one size only. Where does that number stand in your code?"""
    return -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].sum() / 4


@mistake_of("cross_entropy")
def ten_classes_always(logits, labels):
    """Try it with logits of three classes. From where could your function know how many there are?"""
    one_hot = nn.functional.one_hot(labels, 10)
    return -(one_hot * torch.log_softmax(logits, dim=1)).sum(dim=1).mean()


@mistake_of("cross_entropy")
def number_without_a_gradient(logits, labels):
    """The number is right. Who trains a network with it has to differentiate it: what have you returned, a tensor or a
    number?"""
    return -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean().item()


@mistake_of("cross_entropy")
def cut_from_its_network(logits, labels):
    """The number is right, but PyTorch doesn't know any more how it was computed. Where does it leave the graph: at a
    copy without it, in numpy, or where gradients are switched off?"""
    log_softmax = torch.log_softmax(logits.detach(), dim=1)
    return -log_softmax[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def callers_logits_shifted(logits, labels):
    """Print the logits before and after your function was called. Whose tensor do you subtract from?"""
    logits -= logits.max(dim=1, keepdim=True).values
    log_softmax = logits - logits.exp().sum(dim=1, keepdim=True).log()
    return -log_softmax[torch.arange(len(labels)), labels].mean()


@mistake_of("cross_entropy")
def squared_distance_to_one_hot(logits, labels):
    """That is a loss that one could train with, too. Compare it with the formula of the text."""
    one_hot = nn.functional.one_hot(labels, logits.shape[1])
    return ((torch.softmax(logits, dim=1) - one_hot) ** 2).sum(dim=1).mean()


@mistake_of("cross_entropy")
def a_sigmoid_for_each_class(logits, labels):
    """An image belongs to exactly one class. Do your probabilities of an image add up to 1?"""
    one_hot = nn.functional.one_hot(labels, logits.shape[1]).to(logits)
    return nn.functional.binary_cross_entropy_with_logits(logits, one_hot, reduction="none").sum(dim=1).mean()


# ---- evaluate -------------------------------------------------------------------------------------------------------


@mistake_of("evaluate")
def mean_of_the_batches(model, data):
    """The last batch may have one image only. Does that image count as much as any other in yours?"""
    images, labels = data
    was_training = model.training
    model.eval()
    shares = []
    with torch.no_grad():
        for batch, answers in zip(images.split(100), labels.split(100), strict=True):
            shares.append((model(batch).argmax(dim=1) == answers).float().mean().item())
    model.train(was_training)
    return sum(shares) / len(shares)


@mistake_of("evaluate")
def in_percent(model, data):
    """How large is your accuracy if every image is classified rightly? The question asks for a share."""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return 100 * correct / len(labels)


@mistake_of("evaluate")
def in_whole_percent(model, data):
    """Can your accuracy tell 0.871 from 0.874? Leave the rounding to whoever prints it."""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return round(correct / len(labels), 2)


@mistake_of("evaluate")
def whole_numbers_divided(model, data):
    """Your accuracy is 0 or 1, and nothing between. Which division do you use?"""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct // len(labels)


@mistake_of("evaluate")
def images_counted(model, data):
    """You return how many images are right. What is the largest value that it can have?"""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct


@mistake_of("evaluate")
def error_rate_returned(model, data):
    """A perfect model gets 0 from you. Which images do you count?"""
    images, labels = data
    was_training = model.training
    model.eval()
    wrong = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            wrong += (model(batch).argmax(dim=1) != answers).sum().item()
    model.train(was_training)
    return wrong / len(labels)


@mistake_of("evaluate")
def mode_never_changed(model, data):
    """Call it twice on a model with dropout: the two accuracies differ. What has a model to be told before it is
    evaluated?"""
    images, labels = data
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    return correct / len(labels)


@mistake_of("evaluate")
def in_training_mode(model, data):
    """Look at the averages that a batch norm keeps, before and after your call. In which mode do they move?"""
    images, labels = data
    was_training = model.training
    model.train()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct / len(labels)


@mistake_of("evaluate")
def left_in_evaluation_mode(model, data):
    """In which mode is the model after your call? Somebody may be in the middle of training it."""
    images, labels = data
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    return correct / len(labels)


@mistake_of("evaluate")
def always_left_in_training_mode(model, data):
    """Hand over a model that is in evaluation mode. In which mode do you give it back?"""
    images, labels = data
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train()
    return correct / len(labels)


@mistake_of("evaluate")
def graph_kept_for_gradients(model, data):
    """The number is right, but PyTorch notes every step for a gradient that nobody asks for. How do you tell it not
    to?"""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    for batch, answers in zip(images.split(500), labels.split(500), strict=True):
        correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct / len(labels)


@mistake_of("evaluate")
def gradients_off_for_good(model, data):
    """The number is right, but the model's parameters aren't what they were. Can it still be trained?"""
    images, labels = data
    was_training = model.training
    model.eval()
    for parameter in model.parameters():
        parameter.requires_grad = False
    correct = 0
    for batch, answers in zip(images.split(500), labels.split(500), strict=True):
        correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct / len(labels)


@mistake_of("evaluate")
def loss_in_place_of_accuracy(model, data):
    """A loss and an accuracy are both averages over the images. Which of the two do you add up?"""
    images, labels = data
    was_training = model.training
    model.eval()
    total = 0.0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            total += cross_entropy(model(batch), answers).item() * len(answers)
    model.train(was_training)
    return total / len(labels)


@mistake_of("evaluate")
def loss_divided_by_the_images(model, data):
    """Your number is about 500 times smaller than a loss, and it is no accuracy. What do you add up, and what do you
    divide by?"""
    images, labels = data
    was_training = model.training
    model.eval()
    total = 0.0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            total += cross_entropy(model(batch), answers).item()
    model.train(was_training)
    return total / len(labels)


@mistake_of("evaluate")
def mean_probability_of_the_label(model, data):
    """A model that is right with 60 % certainty is right. Which share does yours give it?"""
    images, labels = data
    was_training = model.training
    model.eval()
    total = 0.0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            probabilities = torch.softmax(model(batch), dim=1)
            total += probabilities[torch.arange(len(answers)), answers].sum().item()
    model.train(was_training)
    return total / len(labels)


@mistake_of("evaluate")
def largest_in_each_column(model, data):
    """How many predictions do you get for a batch of 500? Each image has a row of logits."""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            for prediction, answer in zip(model(batch).argmax(dim=0), answers, strict=False):
                correct += int(prediction == answer)
    model.train(was_training)
    return correct / len(labels)


@mistake_of("evaluate")
def values_compared_with_labels(model, data):
    """PyTorch's max gives two things: the largest value and where it stands. Which of them is a class?"""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).max(dim=1).values == answers).sum().item()
    model.train(was_training)
    return correct / len(labels)


@mistake_of("evaluate")
def last_batch_dropped(model, data):
    """How many images do you look at, and how many are there? Something happens to those that don't fill a batch."""
    loader = DataLoader(TensorDataset(*data), batch_size=64, drop_last=True)
    was_training = model.training
    model.eval()
    correct = total = 0
    with torch.no_grad():
        for batch, answers in loader:
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
            total += len(answers)
    model.train(was_training)
    return correct / max(total, 1)


@mistake_of("evaluate")
def first_batch_only(model, data):
    """How often does your loop run? See what stands inside it, and what behind it."""
    images, labels = data
    was_training = model.training
    model.eval()
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            share = (model(batch).argmax(dim=1) == answers).float().mean().item()
            break
    model.train(was_training)
    return share


@mistake_of("evaluate")
def batch_after_batch_forgotten(model, data):
    """You have the share of one batch. What happens to those that came before it?"""
    images, labels = data
    was_training = model.training
    model.eval()
    with torch.no_grad():
        for batch, answers in zip(images.split(100), labels.split(100), strict=True):
            share = (model(batch).argmax(dim=1) == answers).float().mean().item()
    model.train(was_training)
    return share


@mistake_of("evaluate")
def divided_by_the_batches(model, data):
    """You count images and divide by something else. How many of it are there?"""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    batches = list(zip(images.split(4), labels.split(4), strict=True))
    with torch.no_grad():
        for batch, answers in batches:
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct / len(batches)


@mistake_of("evaluate")
def as_if_all_batches_were_full(model, data):
    """You divide by the number of batches times their size. Is that the number of images?"""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    batches = list(zip(images.split(64), labels.split(64), strict=True))
    with torch.no_grad():
        for batch, answers in batches:
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct / (64 * len(batches))


@mistake_of("evaluate")
def ten_thousand_always(model, data):
    """Evaluate on the training images, too: your accuracy may exceed 1. Which number is written into your code?"""
    images, labels = data
    was_training = model.training
    model.eval()
    correct = 0
    with torch.no_grad():
        for batch, answers in zip(images.split(500), labels.split(500), strict=True):
            correct += (model(batch).argmax(dim=1) == answers).sum().item()
    model.train(was_training)
    return correct / 10000


@mistake_of("evaluate")
def images_shuffled_labels_not(model, data):
    """Each image has to meet its own label. Follow one pair of them through your shuffling."""
    images, labels = data
    was_training = model.training
    model.eval()
    correct, done = 0, 0
    with torch.no_grad():
        for batch in DataLoader(images, batch_size=500, shuffle=True):
            correct += (model(batch).argmax(dim=1) == labels[done : done + len(batch)]).sum().item()
            done += len(batch)
    model.train(was_training)
    return correct / len(labels)


# ---- train ----------------------------------------------------------------------------------------------------------
# The answers leave out `draw`, which is for TunedNet and used by no check.


@mistake_of("train")
def gradients_added_up(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """PyTorch adds each gradient to what is there already. Who takes away those of the batch before?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def best_epoch_restored(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The epoch that you go back to was chosen by its test accuracy. What has the test set become then?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    best, best_accuracy = copy.deepcopy(model.state_dict()), 0.0
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        if history["test_accuracy"][-1] > best_accuracy:
            best, best_accuracy = copy.deepcopy(model.state_dict()), history["test_accuracy"][-1]
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    model.load_state_dict(best)
    return history


@mistake_of("train")
def gradients_cleared_before_the_step(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Compare the weights before and after an epoch: they are the same. What does a step see when it is taken?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            loss(logits, labels[indices]).backward()
            optimizer.zero_grad()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def loss_as_a_bare_number(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The loss that you go back from is a new tensor. Does it know the network?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            value = loss(logits, labels[indices]).item()
            optimizer.zero_grad()
            torch.tensor(value, requires_grad=True).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def uphill(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your accuracy falls while you train. In which direction does a step go?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            (-loss(logits, labels[indices])).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def loss_of_probabilities(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The loss takes logits and makes a softmax of them itself. What do you hand to it?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            probabilities = torch.softmax(model(images[indices]), dim=1)
            optimizer.zero_grad()
            loss(probabilities, labels[indices]).backward()
            optimizer.step()
            correct += (probabilities.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def evaluation_mode_to_the_end(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """From the second epoch on, your dropout does nothing. Who ends the evaluation of the first?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    model.train()
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        model.eval()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def evaluation_mode_from_the_start(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Does a dropout drop anything while you train? See in which mode your model takes its steps."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.eval()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def mode_of_the_caller(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Hand over a model that is still in evaluation mode. Who sees to it that its dropout works while you train?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def measured_in_training_mode(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your test accuracy changes when you measure it again. What does a dropout do while you measure?"""
    images, labels = train_set
    test_images, test_labels = test_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        with torch.no_grad():
            predictions = torch.cat([model(batch).argmax(dim=1) for batch in test_images.split(500)])
        history["test_accuracy"].append((predictions == test_labels).float().mean().item())
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def steps_on_the_test_images(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your test accuracy is too good to be true. Which images has the model seen a label of when it is tested?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        for batch, answers in zip(test_set[0].split(batch_size), test_set[1].split(batch_size), strict=True):
            optimizer.zero_grad()
            loss(model(batch), answers).backward()
            optimizer.step()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def trained_on_the_test_set(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Two sets come in. Which of them do your batches come from?"""
    images, labels = test_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def images_in_their_own_order(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Suppose that the images are sorted by class. What does a batch of yours look like then?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.arange(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def same_order_in_each_epoch(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Print the first indices of each epoch. How often do you shuffle?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for _ in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(seed)
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def batches_shuffled_images_not(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The order of your batches is random. Are the neighbours of an image in its batch random, too?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    batches = torch.arange(len(labels)).split(batch_size)
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for number in torch.randperm(len(batches)).tolist():
            indices = batches[number]
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def labels_left_behind(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Each image has to meet its own label. Follow one pair of them through your shuffling."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        shuffled = images[torch.randperm(len(labels))]
        for batch, answers in zip(shuffled.split(batch_size), labels.split(batch_size), strict=True):
            logits = model(batch)
            optimizer.zero_grad()
            loss(logits, answers).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == answers).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def drawn_with_replacement(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Count how often each image comes up in an epoch. An epoch is one pass over all of them."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randint(len(labels), (len(labels),)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def short_batch_left_out(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Count the images that take part in an epoch. What happens to those that don't fill a batch?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        order = torch.randperm(len(labels))
        for step in range(len(labels) // batch_size):
            indices = order[step * batch_size : (step + 1) * batch_size]
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def batches_of_another_size(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """One of your arguments has no effect. How large are your batches?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(4):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def one_step_for_each_epoch(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """How many steps do you take in an epoch? See what stands inside the loop over the batches."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        optimizer.step()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def without_momentum(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Train with momentum 0 and with momentum 0.9: the results are the same. Does your optimizer hear of it, and does
    it live longer than a batch?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.0, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def momentum_of_nine_tenths(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """One of your arguments has no effect. With which momentum do you train, whatever the caller wants?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def lr_and_momentum_exchanged(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Two numbers go to the optimizer. Which of them is the step size?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=momentum, momentum=lr, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def step_size_of_its_own(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """One of your arguments has no effect. How large are your steps, whatever the caller wants?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=0.001, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def steps_beyond_the_largest(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Print the step sizes of a whole run. The caller has said how large the largest may be."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    steps = epochs * math.ceil(len(labels) / batch_size)
    done = len(history["test_accuracy"]) * math.ceil(len(labels) / batch_size)
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            done += 1
            optimizer.param_groups[0]["lr"] = lr * (1 + 9 * min(done, steps - done) / steps)
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def momentum_cycled_with_the_step_size(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Print the optimizer's momentum while it trains. Besides the step size, what else does your schedule change if
    nobody tells it not to?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    steps = epochs * math.ceil(len(labels) / batch_size)
    done = len(history["test_accuracy"]) * math.ceil(len(labels) / batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=lr, total_steps=steps)
    for _ in range(done):
        schedule.step()
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


@mistake_of("train")
def adam_in_place_of_sgd(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your optimizer learns quickly, but which one was asked for? The momentum of the caller has no place in yours."""
    images, labels = train_set
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def copy_trained(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Evaluate the model that was handed to you after the training. Which model has learnt something?"""
    images, labels = train_set
    learner = copy.deepcopy(model)
    optimizer = torch.optim.SGD(learner.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, learner, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        learner.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = learner(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(learner, test_set))
        keeping.save_checkpoint(checkpoint, learner, optimizer, history)
    return history


@mistake_of("train")
def last_layer_only(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Compare all parameters before and after the training. Which of them does your optimizer know?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for parameter in list(model.parameters())[:-2]:
        parameter.requires_grad = False
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def an_epoch_too_few(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Ask for one epoch: what does your history hold? Count from where your loop starts."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(1 + len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def history_of_the_last_epoch(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """After five epochs, how many accuracies should a curve be drawn through? Look at what you keep of the others."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return {"train_accuracy": history["train_accuracy"][-1:], "test_accuracy": history["test_accuracy"][-1:]}


@mistake_of("train")
def history_in_percent(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The numbers of your history are accuracies, but on which scale? The question says between which two numbers."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(100 * correct / len(labels))
        history["test_accuracy"].append(100 * evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def training_accuracy_twice(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your two curves lie very close to each other. On which images is each of them measured?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        history["test_accuracy"].append(evaluate(model, train_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def accuracies_exchanged(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Is your model better on images that it has never seen? See which number goes under which name."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["test_accuracy"].append(correct / len(labels))
        history["train_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def measured_before_the_epoch(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The last number of your history should be the accuracy of the model as you leave it. When do you test?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        history["test_accuracy"].append(evaluate(model, test_set))
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def training_accuracy_of_the_last_batch(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your training accuracy jumps up and down. Over how many images is it taken?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            share = (logits.argmax(dim=1) == labels[indices]).float().mean().item()
        history["train_accuracy"].append(share)
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def count_never_set_back(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your training accuracy grows beyond 1. From where does each epoch start to count?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    correct = 0
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        for indices in torch.randperm(len(labels)).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def history_of_losses(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """One of your two curves falls while the model learns. What is it a curve of?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        running_loss = 0.0
        for indices in torch.randperm(len(labels)).split(batch_size):
            optimizer.zero_grad()
            value = loss(model(images[indices]), labels[indices])
            value.backward()
            optimizer.step()
            running_loss += value.item() * len(indices)
        history["train_accuracy"].append(running_loss / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def no_history_returned(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Your history is complete. What does the function give back to its caller?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)


@mistake_of("train")
def seed_without_effect(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Train two copies of a model with the same seed: their weights differ. Who is told the seed?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for _ in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def one_seed_for_all(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Train two copies of a model with two different seeds: their weights are the same. Which seed do you use?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(epoch)
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def another_generator_seeded(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """You seed one generator and draw from another. Which library makes the order of your images?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.from_numpy(np.random.permutation(len(labels))).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def dropout_not_seeded(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """The order of the images is the same for the same seed, but a network with dropout still ends at other weights.
    What else is drawn at random?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
        generator = torch.Generator().manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels), generator=generator).split(batch_size):
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def checkpoint_never_read(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Interrupt your training and start it again with the same checkpoint: at which epoch does it begin? Something has
    to be kept, and read."""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def checkpoint_at_the_end_only(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Interrupt your training in its second epoch. Is there a checkpoint of the first?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(len(history["test_accuracy"]), epochs):
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
    keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def checkpoint_without_the_momentum(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """A run that was interrupted ends at other weights than one that was not. Besides the weights and the history, what
    do the steps depend on?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = {"train_accuracy": [], "test_accuracy": []}
    if checkpoint is not None and Path(checkpoint).exists():
        kept = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(kept["model"])
        history = kept["history"]
    for epoch in range(len(history["test_accuracy"]), epochs):
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
            torch.save({"model": model.state_dict(), "history": history}, checkpoint)
    return history


@mistake_of("train")
def checkpoint_without_the_history(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """After an interrupt your curves begin anew. What has to be kept besides the model and the optimizer?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = {"train_accuracy": [], "test_accuracy": []}
    first = 0
    if checkpoint is not None and Path(checkpoint).exists():
        kept = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        first = kept["epoch"]
    for epoch in range(first, epochs):
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
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "epoch": epoch + 1}
            torch.save(state, checkpoint)
    return history


@mistake_of("train")
def all_epochs_once_more(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Call it again with the checkpoint of a run that was finished. How many epochs should be left to do?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def finished_epoch_repeated(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """After an interrupt your history has an epoch too many. With which epoch do you go on?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    for epoch in range(max(0, len(history["test_accuracy"]) - 1), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def orders_from_the_start_again(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """A run that was interrupted sees the order of the first epoch twice. Where is your generator when it goes on, and
    where would it be otherwise?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    torch.manual_seed(seed)
    for _ in range(len(history["test_accuracy"]), epochs):
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
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


@mistake_of("train")
def schedule_from_the_start_again(
    model, train_set, test_set, epochs, lr, momentum, *,
    batch_size=128, seed=0, checkpoint=None, weight_decay=0.0, draw=None, loss=cross_entropy,
):  # fmt: skip
    """Print the step sizes of a run that was interrupted. How far had the schedule come when it was?"""
    images, labels = train_set
    optimizer = torch.optim.SGD(model.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    history = keeping.load_checkpoint(checkpoint, model, optimizer) or {"train_accuracy": [], "test_accuracy": []}
    steps = epochs * math.ceil(len(labels) / batch_size)
    done = 0
    for epoch in range(len(history["test_accuracy"]), epochs):
        torch.manual_seed(1000 * seed + epoch)
        model.train()
        correct = 0
        for indices in torch.randperm(len(labels)).split(batch_size):
            optimizer.param_groups[0]["lr"] = lr * (1 - done / steps)
            done += 1
            logits = model(images[indices])
            optimizer.zero_grad()
            loss(logits, labels[indices]).backward()
            optimizer.step()
            correct += (logits.argmax(dim=1) == labels[indices]).sum().item()
        history["train_accuracy"].append(correct / len(labels))
        history["test_accuracy"].append(evaluate(model, test_set))
        keeping.save_checkpoint(checkpoint, model, optimizer, history)
    return history


# ---- plot_history ---------------------------------------------------------------------------------------------------


def _epochs_of(history):
    return range(1, len(history["test_accuracy"]) + 1)


@mistake_of("plot_history")
def training_curve_only(history):
    """A reader wants to see whether the model overfits. Which second curve shows that?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"], label="training")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def curve_of_the_test_only(history):
    """How well does the model know the images that it was trained on? The figure that you return doesn't say."""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["test_accuracy"], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def same_curve_twice(history):
    """You draw two curves, and a reader sees one. What does each of them show?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"], label="training")
    ax.plot(_epochs_of(history), history["train_accuracy"], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def names_of_the_curves_exchanged(history):
    """By your figure the model is better on new images than on known ones. Compare each curve with its name."""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"])
    ax.plot(_epochs_of(history), history["test_accuracy"])
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend(["test", "training"])
    return fig


@mistake_of("plot_history")
def epochs_from_zero(history):
    """At which epoch does your curve begin, and which accuracy is drawn there? Nothing was learnt in epoch 0."""
    fig, ax = plt.subplots()
    ax.plot(history["train_accuracy"], label="training")
    ax.plot(history["test_accuracy"], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def first_epoch_left_out(history):
    """How many epochs were there, and how many points has your curve?"""
    epochs = list(_epochs_of(history))
    fig, ax = plt.subplots()
    ax.plot(epochs[1:], history["train_accuracy"][1:], label="training")
    ax.plot(epochs[1:], history["test_accuracy"][1:], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def epochs_upwards(history):
    """Turn your head: which of the two axes shows the epochs?"""
    fig, ax = plt.subplots()
    ax.plot(history["train_accuracy"], _epochs_of(history), label="training")
    ax.plot(history["test_accuracy"], _epochs_of(history), label="test")
    ax.set(xlabel="accuracy", ylabel="epoch")
    ax.legend()
    return fig


@mistake_of("plot_history")
def one_accuracy_against_the_other(history):
    """Where are the epochs in your figure? A curve for each of the two accuracies was asked for."""
    fig, ax = plt.subplots()
    ax.plot(history["train_accuracy"], history["test_accuracy"], label="accuracy")
    ax.set(xlabel="training accuracy", ylabel="test accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def share_beside_percent(history):
    """One of your curves lies at the bottom of the figure. On which scale is each of them?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"], label="training")
    ax.plot(_epochs_of(history), [100 * share for share in history["test_accuracy"]], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def errors_drawn(history):
    """Your curves fall while the model learns. What do you draw, and what was asked for?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), [1 - share for share in history["train_accuracy"]], label="training")
    ax.plot(_epochs_of(history), [1 - share for share in history["test_accuracy"]], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def best_so_far(history):
    """An accuracy may fall from one epoch to the next, and your curve never does. Show what was measured."""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), np.maximum.accumulate(history["train_accuracy"]), label="training")
    ax.plot(_epochs_of(history), np.maximum.accumulate(history["test_accuracy"]), label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def accuracies_sorted(history):
    """Your curves only ever rise. Does each accuracy still stand above its own epoch?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), sorted(history["train_accuracy"]), label="training")
    ax.plot(_epochs_of(history), sorted(history["test_accuracy"]), label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return fig


@mistake_of("plot_history")
def axes_without_names(history):
    """The curves are right. What would somebody need who sees this figure for the first time?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"], label="training")
    ax.plot(_epochs_of(history), history["test_accuracy"], label="test")
    ax.legend()
    return fig


@mistake_of("plot_history")
def labels_without_a_legend(history):
    """Each of your curves has a label. Can a reader of the figure see it?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"], label="training")
    ax.plot(_epochs_of(history), history["test_accuracy"], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    return fig


@mistake_of("plot_history")
def curves_without_names(history):
    """There are two curves in your figure. How does a reader know which is which?"""
    fig, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"])
    ax.plot(_epochs_of(history), history["test_accuracy"])
    ax.set(xlabel="epoch", ylabel="accuracy")
    return fig


@mistake_of("plot_history")
def figure_without_anything(history):
    """You return a figure. Has anything been drawn on it, or on another one?"""
    _, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"], label="training")
    ax.plot(_epochs_of(history), history["test_accuracy"], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()
    return plt.figure()


@mistake_of("plot_history")
def curves_not_returned(history):
    """Your figure is drawn. What does the function give back to its caller?"""
    _, ax = plt.subplots()
    ax.plot(_epochs_of(history), history["train_accuracy"], label="training")
    ax.plot(_epochs_of(history), history["test_accuracy"], label="test")
    ax.set(xlabel="epoch", ylabel="accuracy")
    ax.legend()


# ---- plot_predictions -----------------------------------------------------------------------------------------------


def _logits(model, images):
    """The logits of a model in evaluation mode; its mode is the same afterwards."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        logits = model(images)
    model.train(was_training)
    return logits


def _drawn(images, titles):
    """Six images in two rows, each with its title."""
    fig, axes = plt.subplots(2, 3)
    for ax, image, title in zip(axes.flat, images, titles, strict=False):
        ax.imshow((image.permute(1, 2, 0) + 1) / 2, cmap="gray")
        ax.set(title=title, xticks=[], yticks=[])
    return fig


@mistake_of("plot_predictions")
def index_in_place_of_the_class(model, images, classes):
    """A reader doesn't know what class 3 is. Where do you have its name?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    return _drawn(images[:6], [f"Prediction: {int(prediction)}" for prediction in predictions])


@mistake_of("plot_predictions")
def least_likely_class(model, images, classes):
    """Is a large logit a good sign for its class, or a bad one? Compare with which one you take."""
    predictions = _logits(model, images[:6]).argmin(dim=1)
    return _drawn(images[:6], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def classes_shifted_by_one(model, images, classes):
    """Each of your titles is the neighbour of the class that was meant. From where do the classes count?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    return _drawn(images[:6], [f"Prediction: {classes[prediction - 1]}" for prediction in predictions])


@mistake_of("plot_predictions")
def titles_of_the_next_image(model, images, classes):
    """Take one image alone and predict it. Does that title stand above it in your figure?"""
    predictions = _logits(model, images[1:7]).argmax(dim=1)
    return _drawn(images[:6], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def first_title_everywhere(model, images, classes):
    """Six images, and one title six times. Which row of the logits does each image have?"""
    prediction = _logits(model, images[:6]).argmax(dim=1)[0]
    return _drawn(images[:6], [f"Prediction: {classes[prediction]}"] * 6)


@mistake_of("plot_predictions")
def one_number_for_all_images(model, images, classes):
    """Over how many logits do you look for the largest? Each image has logits of its own."""
    logits = _logits(model, images[:6])
    return _drawn(images[:6], [f"Prediction: {classes[int(logits.argmax()) % len(classes)]}"] * 6)


@mistake_of("plot_predictions")
def in_order_of_the_classes(model, images, classes):
    """Your titles are the same for every model. Where does the model come in?"""
    return _drawn(images[:6], [f"Prediction: {name}" for name in classes[:6]])


@mistake_of("plot_predictions")
def mode_left_as_it_is(model, images, classes):
    """Draw your figure twice for a model with dropout: the titles change. What has a model to be told before it
    predicts?"""
    with torch.no_grad():
        predictions = model(images[:6]).argmax(dim=1)
    return _drawn(images[:6], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def last_six_images(model, images, classes):
    """You show six images. Which six did the question ask for?"""
    predictions = _logits(model, images[-6:]).argmax(dim=1)
    return _drawn(images[-6:], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def six_images_at_random(model, images, classes):
    """Draw your figure twice. Should it show the same images both times?"""
    some = images[torch.randperm(len(images))[:6]]
    predictions = _logits(model, some).argmax(dim=1)
    return _drawn(some, [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def one_image_only(model, images, classes):
    """How many images does your figure show? Six were asked for."""
    prediction = _logits(model, images[:6]).argmax(dim=1)[0]
    fig, ax = plt.subplots()
    ax.imshow((images[0].permute(1, 2, 0) + 1) / 2, cmap="gray")
    ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


@mistake_of("plot_predictions")
def all_in_one_place(model, images, classes):
    """You draw six images, and a reader sees one. Where is each of them drawn?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    fig, ax = plt.subplots()
    for image, prediction in zip(images[:6], predictions, strict=True):
        ax.imshow((image.permute(1, 2, 0) + 1) / 2, cmap="gray")
        ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


@mistake_of("plot_predictions")
def first_image_six_times(model, images, classes):
    """Your six pictures are one and the same. Which index changes in your loop?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    return _drawn(images[[0] * 6], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def five_images(model, images, classes):
    """One place of your figure is empty. Where does your loop end?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    return _drawn(images[:5], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def titles_without_images(model, images, classes):
    """Six titles say what the model sees. What did it see?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    fig, axes = plt.subplots(2, 3)
    for ax, prediction in zip(axes.flat, predictions, strict=True):
        ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


@mistake_of("plot_predictions")
def images_without_titles(model, images, classes):
    """Six images are there. Who tells a reader what the model takes them for?"""
    return _drawn(images[:6], [""] * 6)


@mistake_of("plot_predictions")
def logit_in_the_title(model, images, classes):
    """PyTorch's max gives two things: the largest value and where it stands. Which of them leads to a class?"""
    values = _logits(model, images[:6]).max(dim=1).values
    return _drawn(images[:6], [f"Prediction: {float(value):.2f}" for value in values])


@mistake_of("plot_predictions")
def pictures_not_returned(model, images, classes):
    """Your figure is drawn. What does the function give back to its caller?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    _drawn(images[:6], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def empty_figure_of_pictures(model, images, classes):
    """You return a figure. Has anything been drawn on it, or on another one?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    _drawn(images[:6], [f"Prediction: {classes[prediction]}" for prediction in predictions])
    return plt.figure()


@mistake_of("plot_predictions")
def model_left_in_evaluation_mode(model, images, classes):
    """In which mode is the model after your call? Somebody may want to go on training it."""
    model.eval()
    with torch.no_grad():
        predictions = model(images[:6]).argmax(dim=1)
    return _drawn(images[:6], [f"Prediction: {classes[prediction]}" for prediction in predictions])


@mistake_of("plot_predictions")
def red_channel_only(model, images, classes):
    """Show six images of CIFAR-10 with it. Where are their colours?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    fig, axes = plt.subplots(2, 3)
    for ax, image, prediction in zip(axes.flat, images, predictions, strict=False):
        ax.imshow(image[0], cmap="gray")
        ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


@mistake_of("plot_predictions")
def colours_cut_off(model, images, classes):
    """Show six images of CIFAR-10 with it: large parts are black. Between which numbers does matplotlib expect the
    colours, and between which are they?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    fig, axes = plt.subplots(2, 3)
    for ax, image, prediction in zip(axes.flat, images, predictions, strict=False):
        ax.imshow(image.permute(1, 2, 0), cmap="gray")
        ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


@mistake_of("plot_predictions")
def pixels_mixed_up(model, images, classes):
    """Show an image of CIFAR-10 with it: nobody can see what it is. Does a new shape alone bring the channels to the
    end?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    fig, axes = plt.subplots(2, 3)
    for ax, image, prediction in zip(axes.flat, images, predictions, strict=False):
        channels, height, width = image.shape
        ax.imshow((image.reshape(height, width, channels) + 1) / 2, cmap="gray")
        ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


@mistake_of("plot_predictions")
def rows_and_columns_exchanged(model, images, classes):
    """Your images lie on their sides. Which axis of an image is its height, and which one do you draw upwards?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    fig, axes = plt.subplots(2, 3)
    for ax, image, prediction in zip(axes.flat, images, predictions, strict=False):
        ax.imshow((image.permute(2, 1, 0) + 1) / 2, cmap="gray")
        ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


@mistake_of("plot_predictions")
def channels_still_first(model, images, classes):
    """Images of one channel are shown, coloured ones are not. Which axis of a coloured image does matplotlib expect to
    hold the channels?"""
    predictions = _logits(model, images[:6]).argmax(dim=1)
    fig, axes = plt.subplots(2, 3)
    for ax, image, prediction in zip(axes.flat, images, predictions, strict=False):
        ax.imshow(image.squeeze(), cmap="gray")
        ax.set_title(f"Prediction: {classes[prediction]}")
    return fig


# ---- hyperparameters ------------------------------------------------------------------------------------------------
# `chosen` is the reference's dictionary: M, p and N have to fit the weights that are submitted with it.


@mistake_of("hyperparameters")
def hidden_net_forgotten():
    """Count the networks of this notebook, and the entries of your dictionary. Which of them is missing?"""
    return {name: values for name, values in chosen.items() if name != "HiddenNet"}


@mistake_of("hyperparameters")
def networks_of_mnist_forgotten():
    """You report what you chose for CIFAR-10. Were there choices before that?"""
    return {name: values for name, values in chosen.items() if name not in ("DenseNet", "SimpleCNN")}


@mistake_of("hyperparameters")
def hidden_units_forgotten():
    """Could somebody build your HiddenNet again from what you report? Look at what its constructor takes."""
    return {**chosen, "HiddenNet": {"epochs": 12, "lr": 0.05, "momentum": 0.9}}


@mistake_of("hyperparameters")
def size_of_the_filters_forgotten():
    """Three numbers make a ConvNet. Which of them is missing in your report?"""
    return {**chosen, "ConvNet": {key: value for key, value in chosen["ConvNet"].items() if key != "p"}}


@mistake_of("hyperparameters")
def pooling_forgotten():
    """Three numbers make a ConvNet, and you report two. Which step comes after the convolution?"""
    return {**chosen, "ConvNet": {key: value for key, value in chosen["ConvNet"].items() if key != "N"}}


@mistake_of("hyperparameters")
def architecture_only():
    """Somebody who builds your networks wants to train them as you did. What do they need to know for that?"""
    return {name: {key: values[key] for key in ("M", "p", "N") if key in values} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def training_only():
    """Somebody knows how you trained. How large are the networks that they have to build first?"""
    return {name: {key: values[key] for key in ("epochs", "lr", "momentum")} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def momentum_left_out():
    """Which three arguments does your training take after the data? Report all three of each network."""
    return {name: {key: values[key] for key in values if key != "momentum"} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def momentum_of_one():
    """With this momentum no earlier gradient is ever forgotten. Between which two numbers should it lie?"""
    return {**chosen, "LogisticNet": {"epochs": 12, "lr": 0.01, "momentum": 1.0}}


@mistake_of("hyperparameters")
def momentum_in_percent():
    """How much of the last step does your momentum keep, as a factor? It should be below 1."""
    return {name: {**values, "momentum": 90} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def momentum_below_zero():
    """A step of yours goes against the one before it, by what you report. Which sign has a momentum?"""
    return {name: {**values, "momentum": -0.9} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def step_size_as_text():
    """Could the step size that you report be multiplied by a gradient? See of which type it is."""
    return {name: {**values, "lr": str(values["lr"])} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def step_size_of_zero():
    """How far do the weights move with the step size that you report?"""
    return {**chosen, "DenseNet": {"epochs": 5, "lr": 0.0, "momentum": 0.9}}


@mistake_of("hyperparameters")
def step_size_as_an_exponent():
    """A power of ten has a base and an exponent. Which of the two do you report as the step size?"""
    return {**chosen, "DenseNet": {"epochs": 5, "lr": -1, "momentum": 0.9}}


@mistake_of("hyperparameters")
def step_size_not_a_number():
    """One of your step sizes isn't a number. Where did your search compute it?"""
    return {**chosen, "LogisticNet": {"epochs": 12, "lr": float("nan"), "momentum": 0.9}}


@mistake_of("hyperparameters")
def all_step_sizes_that_were_tried():
    """You report what you tried. Which of these did you choose?"""
    return {name: {**values, "lr": [0.1, 0.01, 0.001]} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def no_epochs():
    """How often does each image come up, by what you report? An accuracy as yours takes at least one pass."""
    return {**chosen, "SimpleCNN": {"epochs": 0, "lr": 0.1, "momentum": 0.9}}


@mistake_of("hyperparameters")
def epochs_and_a_half():
    """Your training counts whole epochs. Could it have done as many as you report?"""
    return {**chosen, "SimpleCNN": {"epochs": 2.5, "lr": 0.1, "momentum": 0.9}}


@mistake_of("hyperparameters")
def epochs_left_empty():
    """Some of your entries hold nothing yet. Fill them in once your trainings are done."""
    return {name: {**values, "epochs": None} for name, values in chosen.items()}


@mistake_of("hyperparameters")
def pooling_larger_than_its_map():
    """How many rows does your convolution leave of 32? A window of your pooling has to fit into them."""
    return {**chosen, "ConvNet": {**chosen["ConvNet"], "p": 5, "N": 30}}


@mistake_of("hyperparameters")
def half_a_filter():
    """Count the filters of your ConvNet. Can there be as many as you report?"""
    return {**chosen, "ConvNet": {**chosen["ConvNet"], "M": 100.5}}


@mistake_of("HiddenNet", replaces="hyperparameters")
def width_of_another_network():
    """Build HiddenNet with the M that you report, and load your weights into it. Were they trained with this M?"""
    return {**chosen, "HiddenNet": {**chosen["HiddenNet"], "M": chosen["HiddenNet"]["M"] + 100}}


@mistake_of("ConvNet", replaces="hyperparameters")
def filters_of_another_network():
    """Build ConvNet with the numbers that you report, and load your weights into it. Were they trained with these?"""
    return {**chosen, "ConvNet": {**chosen["ConvNet"], "M": chosen["ConvNet"]["M"] + 100}}


@mistake_of("hyperparameters")
def one_set_for_all_networks():
    """Which network do your numbers belong to? Each has its own."""
    return {"epochs": 12, "lr": 0.05, "momentum": 0.9, "M": 100, "p": 5, "N": 14}


@mistake_of("hyperparameters")
def numbers_without_names():
    """Which of your numbers is the step size? The question asks for something with names."""
    return {name: list(values.values()) for name, values in chosen.items()}


@mistake_of("hyperparameters")
def other_names_for_the_numbers():
    """Compare the names in your dictionary with those of the question, letter by letter."""
    names = {"lr": "learning_rate", "epochs": "num_epochs"}
    return {
        network: {names.get(key, key): value for key, value in values.items()} for network, values in chosen.items()
    }


@mistake_of("hyperparameters")
def other_names_for_the_networks():
    """Under which name does somebody look for a network in your dictionary? Take those of the classes."""
    return {name.removesuffix("Net").lower(): values for name, values in chosen.items()}


# ---- DenseNet -------------------------------------------------------------------------------------------------------


@mistake_of("DenseNet")
class DenseForBatchesOf64(nn.Module):
    """Try your network on one image, then on three. Which number in your forward is right for full batches only?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = x.view(64, 28 * 28)
        return self.out(torch.relu(self.hidden(x)))


@mistake_of("DenseNet")
class DenseBatchFlattenedToo(nn.Module):
    """Print the shape of your input after it was flattened, for one image and for two. Which axis must be left?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = torch.flatten(x)
        return self.out(torch.relu(self.hidden(x)))


@mistake_of("DenseNet")
class DensePixelsFirst(nn.Module):
    """The shapes are right. Compare the first row of your flattened batch with the first image: is it that image?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = x.reshape(28 * 28, -1).T
        return self.out(torch.relu(self.hidden(x)))


@mistake_of("DenseNet")
class DenseWithoutReLU(nn.Module):
    """What is one linear map after another, without anything between them? Compare your forward with the formula."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = x.view(-1, 28 * 28)
        x = self.hidden(x)
        return self.out(x)


@mistake_of("DenseNet")
class DenseSigmoid(nn.Module):
    """The formula of the lecture has a general activation function. Which one does the question name?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        return self.out(torch.sigmoid(self.hidden(x.flatten(1))))


@mistake_of("DenseNet")
class DenseSoftmax(nn.Module):
    """Add up a row of your output. What does the cross-entropy do with its argument first, and what do you do twice?"""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(28 * 28, 512)
        self.relu = nn.ReLU()
        self.fc2 = nn.Linear(512, 10)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        x = x.view(-1, 28 * 28)
        x = self.relu(self.fc1(x))
        return self.softmax(self.fc2(x))


@mistake_of("DenseNet")
class DenseLogSoftmax(nn.Module):
    """Can an entry of your output be positive? These are log-probabilities, which another loss would take."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = F.relu(self.hidden(x.view(-1, 28 * 28)))
        return F.log_softmax(self.out(x), dim=1)


@mistake_of("DenseNet")
class DenseReLUAtTheEnd(nn.Module):
    """What is the smallest entry of your output? A logit may have either sign."""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = x.flatten(1)
        for layer in (self.hidden, self.out):
            x = layer(x).relu()
        return x


@mistake_of("DenseNet")
class DenseOf128(nn.Module):
    """Count the parameters of your network. How many hidden units does the question ask for?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 128)
        self.out = nn.Linear(128, 10)

    def forward(self, x):
        return self.out(self.hidden(x.flatten(1)).relu())


@mistake_of("DenseNet")
class DenseTwoHiddenLayers(nn.Module):
    """How many hidden layers are there in the question, and how many in yours?"""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(28 * 28, 512)
        self.fc2 = nn.Linear(512, 512)
        self.fc3 = nn.Linear(512, 10)

    def forward(self, x):
        x = x.view(-1, 28 * 28)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


@mistake_of("DenseNet")
class DenseNineClasses(nn.Module):
    """Print the shape of your output. How many digits are there, if you count the first of them, too?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 9)

    def forward(self, x):
        return self.out(self.hidden(x.flatten(1)).relu())


@mistake_of("DenseNet")
class DenseOutWithoutBias(nn.Module):
    """Print the names and shapes of your parameters. Which of the two offsets is missing?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10, bias=False)

    def forward(self, x):
        return self.out(self.hidden(x.flatten(1)).relu())


@mistake_of("DenseNet")
class DenseLayersInAList(nn.Module):
    """Print the parameters of your network: are there any? Modules in a plain list are hidden from PyTorch."""

    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(28 * 28, 512), nn.Linear(512, 10)]

    def forward(self, x):
        hidden, out = self.layers
        return out(hidden(x.flatten(1)).relu())


@mistake_of("DenseNet")
class DenseDropoutAlways(nn.Module):
    """Ask your network twice about the same image, in eval mode. Does the function that drops units know the mode?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        x = F.relu(self.hidden(x.view(-1, 28 * 28)))
        x = F.dropout(x, 0.2)
        return self.out(x)


@mistake_of("DenseNet")
class DenseAnswersWithTheDigit(nn.Module):
    """Your network decides already. What does the loss need: the digit, or a number for each digit?"""

    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(28 * 28, 512)
        self.out = nn.Linear(512, 10)

    def forward(self, x):
        logits = self.out(self.hidden(x.flatten(1)).relu())
        return logits.argmax(dim=1)


# ---- SimpleCNN ------------------------------------------------------------------------------------------------------


@mistake_of("SimpleCNN")
class SimpleAveragePool(nn.Module):
    """Which number do you keep of each square of four? The question asks for another one."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.AvgPool2d(2)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.hidden(x.view(-1, 320)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimplePadded(nn.Module):
    """Follow the shape of an image through your layers. Do the convolutions of the question keep its size?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5, padding=2)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5, padding=2)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(20 * 7 * 7, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.hidden(x.flatten(1)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleThreeByThree(nn.Module):
    """How large are your filters, and how large are they in the question?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, 3)
        self.conv2 = nn.Conv2d(10, 20, 3)
        self.fc1 = nn.Linear(20 * 5 * 5, 50)
        self.fc2 = nn.Linear(50, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


@mistake_of("SimpleCNN")
class SimplePooledOnce(nn.Module):
    """How many pixels are left before your dense layers? Each of the two convolutions has something behind it."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(20 * 8 * 8, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = torch.relu(self.conv2(x))
        x = torch.relu(self.hidden(x.flatten(1)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleOneConvolution(nn.Module):
    """Count the convolutions that an image passes in your network."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(10 * 12 * 12, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = torch.relu(self.hidden(x.flatten(1)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleConvolutionsWithoutReLU(nn.Module):
    """What stands between a convolution and the next layer in yours? Max-pooling doesn't take the place of the rest."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(self.conv1(x))
        x = self.pool(self.conv2(x))
        x = torch.relu(self.hidden(x.view(-1, 320)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleSecondReLUForgotten(nn.Module):
    """Go through your layers one by one: behind which of the convolutions can a number be negative?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(self.conv2(x))
        x = torch.relu(self.hidden(x.view(-1, 320)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleDenseLayersWithoutReLU(nn.Module):
    """Your two dense layers could be one. What is missing between them?"""

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
        x = self.hidden(x.view(-1, 320))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleTanh(nn.Module):
    """Which function follows each of your layers? Older networks had it, the question has another one."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.tanh(self.conv1(x)))
        x = self.pool(torch.tanh(self.conv2(x)))
        x = torch.tanh(self.hidden(x.view(-1, 320)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleMeanOverPositions(nn.Module):
    """How many numbers of an image reach your dense layers, and how many are there behind the second pooling?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(20, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.hidden(x.mean(dim=(2, 3))))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleImagesMixed(nn.Module):
    """Change one image of a batch: do the answers to the others stay? Look at the order of axes where you flatten."""

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
        x = x.transpose(0, 1).reshape(-1, 320)
        return self.out(torch.relu(self.hidden(x)))


@mistake_of("SimpleCNN")
class SimpleLogSoftmax(nn.Module):
    """Exponentiate a row of your output and add it up. Who else takes this logarithm, in the loss?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.hidden(x.view(-1, 320)))
        return F.log_softmax(self.out(x), dim=1)


@mistake_of("SimpleCNN")
class SimpleDropoutAlways(nn.Module):
    """Your accuracy changes from one evaluation to the next. What in your network is still random in eval mode?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = F.relu(F.max_pool2d(self.conv1(x), 2))
        x = F.relu(F.max_pool2d(self.conv2(x), 2))
        x = F.relu(self.hidden(x.view(-1, 320)))
        x = F.dropout(x)
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleStridesForPooling(nn.Module):
    """You halve the size with the steps of the convolution. What is taken of each square of four in the question?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5, stride=2)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5, stride=2)
        self.hidden = nn.Linear(20 * 4 * 4, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = torch.relu(self.conv1(x))
        x = torch.relu(self.conv2(x))
        x = torch.relu(self.hidden(x.flatten(1)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleFiltersWithoutOffset(nn.Module):
    """Print the names and shapes of your parameters. Each filter should have a number more than its weights."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5, bias=False)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5, bias=False)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.hidden(x.view(-1, 320)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleHiddenOf100(nn.Module):
    """Count your parameters. How wide is the dense layer between the filters and the logits to be?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(320, 100)
        self.out = nn.Linear(100, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        x = torch.relu(self.hidden(x.view(-1, 320)))
        return self.out(x)


@mistake_of("SimpleCNN")
class SimpleHiddenLeftOut(nn.Module):
    """Two dense layers follow the convolutions in the question. Where is the first one in yours?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.conv2 = nn.Conv2d(10, 20, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(320, 10)

    def forward(self, x):
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(self.conv2(x)))
        return self.fc(x.view(-1, 320))


@mistake_of("SimpleCNN")
class SimpleSecondFilterFresh(nn.Module):
    """Ask your network twice about the same image. Which of its layers is another one at each call?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 10, kernel_size=5)
        self.pool = nn.MaxPool2d(2)
        self.hidden = nn.Linear(320, 50)
        self.out = nn.Linear(50, 10)

    def forward(self, x):
        conv2 = nn.Conv2d(10, 20, kernel_size=5)
        x = self.pool(torch.relu(self.conv1(x)))
        x = self.pool(torch.relu(conv2(x)))
        x = torch.relu(self.hidden(x.view(-1, 320)))
        return self.out(x)


# ---- LogisticNet ----------------------------------------------------------------------------------------------------


@mistake_of("LogisticNet")
class LogisticOf3052(nn.Module):
    """Multiply the channels, the height and the width of an image once more."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3052, 10)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return self.fc1(x)


@mistake_of("LogisticNet")
class LogisticForBatchesOfFour(nn.Module):
    """Try your network on one image, then on seven. Which number in your forward is the batch of the tutorial?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3072, 10)

    def forward(self, x):
        x = x.view(4, -1)
        return self.out(x)


@mistake_of("LogisticNet")
class LogisticPixelsFirst(nn.Module):
    """For one image you are right. With two, is the first row of your flattened batch the first image?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        x = x.reshape(3072, -1).T
        return self.out(x)


@mistake_of("LogisticNet")
class LogisticChannelsBeforeImages(nn.Module):
    """You may put the pixels of an image into any order. Which axis must stay the first one when you reshape?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        x = x.permute(1, 0, 2, 3).reshape(len(x), -1)
        return self.out(x)


@mistake_of("LogisticNet")
class LogisticSoftmax(nn.Module):
    """Scale an image by 10: do your outputs grow with it, as the formula's do? The exponentials are the loss's part."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        return torch.softmax(self.out(x.flatten(1)), dim=1)


@mistake_of("LogisticNet")
class LogisticSigmoid(nn.Module):
    """Logistic regression has its name from that function. Where is it in the formula of the network?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        return torch.sigmoid(self.out(x.flatten(1)))


@mistake_of("LogisticNet")
class LogisticLogSoftmax(nn.Module):
    """An entry of your output depends on all rows of W. On which of them does it depend in the formula?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        return F.log_softmax(self.out(x.flatten(1)), dim=1)


@mistake_of("LogisticNet")
class LogisticReLU(nn.Module):
    """Can your network answer with a negative number? A linear map can."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        return F.relu(self.out(x.flatten(1)))


@mistake_of("LogisticNet")
class LogisticWithoutBias(nn.Module):
    """What does your network answer to an image of zeros? By the formula it would be something else."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10, bias=False)

    def forward(self, x):
        return self.out(x.flatten(1))


@mistake_of("LogisticNet")
class LogisticTwoLayers(nn.Module):
    """Your map is linear, but in two steps. How many matrices are there in the formula, and of which shape?"""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3 * 32 * 32, 100)
        self.fc2 = nn.Linear(100, 10)

    def forward(self, x):
        return self.fc2(self.fc1(x.flatten(1)))


@mistake_of("LogisticNet")
class LogisticHiddenLayer(nn.Module):
    """A hidden layer belongs to the next question. What is left of the network without it?"""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3 * 32 * 32, 100)
        self.fc2 = nn.Linear(100, 10)

    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x.flatten(1))))


@mistake_of("LogisticNet")
class LogisticGrey(nn.Module):
    """How many numbers does your layer take of each image? An image has three channels, and each counts by itself."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(32 * 32, 10)

    def forward(self, x):
        x = x.mean(dim=1)
        return self.out(x.flatten(1))


@mistake_of("LogisticNet")
class LogisticScaledTwice(nn.Module):
    """The images are scaled before your network gets them. What else happens to x in yours than in the formula?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        x = x.flatten(1) / 255
        return self.out(x)


@mistake_of("LogisticNet")
class LogisticCentresTheBatch(nn.Module):
    """Ask about an image alone, then in a batch. Which step of yours looks at the other images?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        x = x.flatten(1)
        x = x - x.mean(dim=0)
        return self.out(x)


@mistake_of("LogisticNet")
class LogisticStandardisesEachImage(nn.Module):
    """Double an image: does your answer change? Something in your forward takes its brightness and contrast away."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        x = x.flatten(1)
        x = (x - x.mean(dim=1, keepdim=True)) / (x.std(dim=1, keepdim=True) + 1e-6)
        return self.out(x)


@mistake_of("LogisticNet")
class LogisticClassesInRows(nn.Module):
    """Print the shape of your output for seven images. Which axis are the images, and which the classes?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        W, b = self.out.weight, self.out.bias
        return W @ x.flatten(1).T + b[:, None]


@mistake_of("LogisticNet")
class LogisticSqueezed(nn.Module):
    """Print the shape of your output for a batch of one image. Which axis has gone?"""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        return self.out(x.flatten(1)).squeeze()


@mistake_of("LogisticNet")
class LogisticPlainTensors(nn.Module):
    """Print the parameters of your network: does it have any? A tensor becomes one only if you say so."""

    def __init__(self):
        super().__init__()
        self.W = (0.01 * torch.randn(10, 3 * 32 * 32)).requires_grad_()
        self.b = torch.zeros(10, requires_grad=True)

    def forward(self, x):
        return x.flatten(1) @ self.W.T + self.b


@mistake_of("LogisticNet")
class LogisticDetached(nn.Module):
    """Your answers are right, but can it learn? Look at the gradient of your weights after a backward pass."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 10)

    def forward(self, x):
        return x.flatten(1) @ self.out.weight.data.T + self.out.bias


@mistake_of("LogisticNet")
class LogisticHundredClasses(nn.Module):
    """How many classes has this data set? Print the shape of your output."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(3 * 32 * 32, 100)

    def forward(self, x):
        return self.out(x.flatten(1))


# ---- HiddenNet ------------------------------------------------------------------------------------------------------


@mistake_of("HiddenNet")
class HiddenOf3052(nn.Module):
    """The message names two numbers that don't fit. Which of them is the size of an image?"""

    def __init__(self, M):
        super().__init__()
        self.fc1 = nn.Linear(3052, M)
        self.fc2 = nn.Linear(M, 10)

    def forward(self, x):
        x = x.view(x.shape[0], -1)
        x = F.relu(self.fc1(x))
        return self.fc2(x)


@mistake_of("HiddenNet")
class HiddenForBatchesOfFour(nn.Module):
    """Your network takes batches of one size only. Where does the number of images stand in your forward?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3072, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = x.view(4, -1)
        x = F.relu(self.hidden(x))
        return self.out(x)


@mistake_of("HiddenNet")
class HiddenOwnM(nn.Module):
    """Build your network with M = 3 and print it. Who decides how many hidden units there are?"""

    def __init__(self, M):
        super().__init__()
        M = 100
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        return self.out(self.hidden(x.flatten(1)).relu())


@mistake_of("HiddenNet")
class HiddenWithoutReLU(nn.Module):
    """Compare your network with logistic regression: which functions can it express that the other can't?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = self.hidden(x.flatten(1))
        return self.out(x)


@mistake_of("HiddenNet")
class HiddenReLUOfTheImage(nn.Module):
    """Give your network an image and the same one with its negative pixels set to 0. What does the ReLU act on?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = self.hidden(F.relu(x.flatten(1)))
        return self.out(x)


@mistake_of("HiddenNet")
class HiddenReLUAtTheEndOnly(nn.Module):
    """In the formula the ReLU stands to the right of one matrix and to the left of the other. Where is yours?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = self.hidden(x.flatten(1))
        return F.relu(self.out(x))


@mistake_of("HiddenNet")
class HiddenReLUTwice(nn.Module):
    """Which layers of yours have a ReLU behind them? The last one gives logits."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = F.relu(self.hidden(x.flatten(1)))
        return F.relu(self.out(x))


@mistake_of("HiddenNet")
class HiddenSigmoid(nn.Module):
    """How large can a hidden unit of yours become? The nonlinearity of the question has no upper end."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = torch.sigmoid(self.hidden(x.flatten(1)))
        return self.out(x)


@mistake_of("HiddenNet")
class HiddenLeaky(nn.Module):
    """What is your nonlinearity at -1, and what is max{0, -1}?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = F.leaky_relu(self.hidden(x.flatten(1)))
        return self.out(x)


@mistake_of("HiddenNet")
class HiddenSecondLayerWithoutBias(nn.Module):
    """The formula has two offsets. Print the shapes of your parameters: where is b2?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10, bias=False)

    def forward(self, x):
        return self.out(self.hidden(x.flatten(1)).relu())


@mistake_of("HiddenNet")
class HiddenFirstLayerWithoutBias(nn.Module):
    """What are your hidden units for an image of zeros? By the formula they are relu(b1)."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M, bias=False)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        return self.out(self.hidden(x.flatten(1)).relu())


@mistake_of("HiddenNet")
class HiddenTwice(nn.Module):
    """Count the matrices of your network and those of the formula."""

    def __init__(self, M):
        super().__init__()
        self.fc1 = nn.Linear(3 * 32 * 32, M)
        self.fc2 = nn.Linear(M, M)
        self.fc3 = nn.Linear(M, 10)

    def forward(self, x):
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


@mistake_of("HiddenNet")
class HiddenSoftmaxInEval(nn.Module):
    """Compare your outputs in train mode and in eval mode. Probabilities belong to where someone asks for them."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = self.out(self.hidden(x.flatten(1)).relu())
        if not self.training:
            x = x.softmax(dim=1)
        return x


@mistake_of("HiddenNet")
class HiddenDropoutAlways(nn.Module):
    """Ask your network twice about the same image in eval mode. How does the function know that training is over?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = F.relu(self.hidden(x.flatten(1)))
        x = F.dropout(x, p=0.5)
        return self.out(x)


@mistake_of("HiddenNet")
class HiddenBatchNorm(nn.Module):
    """Batch norm may help, but it isn't in the formula. Count the parameters of your network."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.norm = nn.BatchNorm1d(M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        return self.out(self.norm(self.hidden(x.flatten(1))).relu())


@mistake_of("HiddenNet")
class HiddenScaledByTheBatch(nn.Module):
    """Let your network answer to an image alone, then beside others. What do you compute across the batch?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = x.flatten(1)
        x = x / x.abs().max()
        return self.out(self.hidden(x).relu())


@mistake_of("HiddenNet")
class HiddenFirstLayerFrozen(nn.Module):
    """Train for a step and look at W1 before and after it. What do you forbid PyTorch there?"""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        with torch.no_grad():
            x = self.hidden(x.flatten(1)).relu()
        return self.out(x)


@mistake_of("HiddenNet")
class HiddenLayersInADict(nn.Module):
    """Count the parameters that PyTorch finds in your network. Modules in a plain dictionary aren't its own."""

    def __init__(self, M):
        super().__init__()
        self.layers = {"hidden": nn.Linear(3 * 32 * 32, M), "out": nn.Linear(M, 10)}

    def forward(self, x):
        x = F.relu(self.layers["hidden"](x.flatten(1)))
        return self.layers["out"](x)


@mistake_of("HiddenNet")
class HiddenImagesMixed(nn.Module):
    """For one image you are right, for more you aren't. Flatten a small batch and look for the first image in it."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = x.permute(1, 2, 3, 0).reshape(len(x), -1)
        return self.out(self.hidden(x).relu())


@mistake_of("HiddenNet")
class HiddenFlattensTheCallersImages(nn.Module):
    """Your answers are right. Print the shape of the images before and after the call: an underscore changes them."""

    def __init__(self, M):
        super().__init__()
        self.hidden = nn.Linear(3 * 32 * 32, M)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x.resize_(len(x), 3072)
        return self.out(self.hidden(x).relu())


# ---- ConvNet --------------------------------------------------------------------------------------------------------


@mistake_of("ConvNet")
class ConvRoundedLast(nn.Module):
    """Right where N divides 33 - p. Follow p = 5 and N = 8 by hand: how many positions fit beside each other?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.features = int(M * (33 - p) ** 2 / N**2)
        self.conv = nn.Conv2d(3, M, p)
        self.pool = nn.MaxPool2d(N, N)
        self.out = nn.Linear(self.features, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = x.view(-1, self.features)
        return self.out(x)


@mistake_of("ConvNet")
class ConvOfClassAttributes(nn.Module):
    """Build your network with M = 4 and print it. Which numbers does it take: those of the call or its own?"""

    M = 100
    p = 5
    N = 14

    def __init__(self, M, p, N):
        super().__init__()
        self.conv1 = nn.Conv2d(3, self.M, self.p)
        self.pool = nn.MaxPool2d(self.N, self.N)
        self.fc1 = nn.Linear(self.M * ((33 - self.p) // self.N) ** 2, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        return self.fc1(x.flatten(1))


@mistake_of("ConvNet")
class ConvAlwaysFiveByFive(nn.Module):
    """Print your network for p = 3. Has each of its layers heard of p?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=5)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * (28 // N) ** 2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvAlwaysTwoByTwo(nn.Module):
    """Print your network for N = 4. Has each of its layers heard of N?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(14)
        self.out = nn.Linear(M * ((33 - p) // 14) ** 2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvAveragePool(nn.Module):
    """What do you keep of each square of N by N pixels? Compare it with the name of the operation in the formula."""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.AvgPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvPoolsToNByN(nn.Module):
    """How many numbers remain of a filter for N = 2, and how many by the formula? Is N the window or what is left?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.AdaptiveMaxPool2d(N)
        self.out = nn.Linear(M * N**2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvWindowsStretched(nn.Module):
    """Right where N divides 33 - p. How large are the windows of your pooling elsewhere, if they reach every pixel?"""

    def __init__(self, M, p, N):
        super().__init__()
        size = (33 - p) // N
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.AdaptiveMaxPool2d(size)
        self.out = nn.Linear(M * size**2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvRoundedUp(nn.Module):
    """Right where N divides 33 - p. What becomes of the last pixels elsewhere, by the brackets of the formula?"""

    def __init__(self, M, p, N):
        super().__init__()
        size = -((p - 33) // N)
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N, ceil_mode=True)
        self.out = nn.Linear(M * size**2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvOverlappingWindows(nn.Module):
    """Print the shape behind your pooling. How far is each of your windows from the next?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N, stride=2)
        self.out = nn.Linear(M * ((33 - p - N) // 2 + 1) ** 2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvPadded(nn.Module):
    """Print the shape behind your convolution for p = 5. Where do the pixels come from that the image doesn't have?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p, padding="same")
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * (32 // N) ** 2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvWithoutReLU(nn.Module):
    """Is a maximum over negative numbers positive? Go through the formula from the inside out: one step is missing."""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.pool(self.conv(x))
        return self.out(x.flatten(1))


@mistake_of("ConvNet")
class ConvReLUOfTheImage(nn.Module):
    """Set the negative pixels of an image to 0: does your answer change? What is the ReLU of the formula applied to?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.pool(self.conv(F.relu(x)))
        return self.out(x.flatten(1))


@mistake_of("ConvNet")
class ConvSigmoid(nn.Module):
    """Which numbers can come out of your nonlinearity, and which out of that in the formula?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.pool(torch.sigmoid(self.conv(x)))
        return self.out(x.flatten(1))


@mistake_of("ConvNet")
class ConvWithoutOffset(nn.Module):
    """Print the names and shapes of your parameters. Where is b1?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p, bias=False)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvOffsetForEachPixel(nn.Module):
    """How many numbers does your b1 have? Every pixel gets an offset, but pixels of one filter share it."""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p, bias=False)
        self.offset = nn.Parameter(torch.zeros(M, 33 - p, 33 - p))
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.conv(x) + self.offset
        return self.out(self.pool(x.relu()).flatten(1))


@mistake_of("ConvNet")
class ConvOutWithoutBias(nn.Module):
    """Print the names and shapes of your parameters. Where is b2?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10, bias=False)

    def forward(self, x):
        return self.out(self.pool(self.conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvPositionsAsImages(nn.Module):
    """Print the shape of your output for one image. A -1 in a view hides it when the other number is wrong."""

    def __init__(self, M, p, N):
        super().__init__()
        self.M = M
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = x.reshape(-1, self.M)
        return self.out(x)


@mistake_of("ConvNet")
class ConvImagesMixed(nn.Module):
    """Replace the second image of a batch: does the answer to the first one change? Look at what you flatten."""

    def __init__(self, M, p, N):
        super().__init__()
        self.features = M * ((33 - p) // N) ** 2
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(self.features, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        x = x.permute(1, 2, 3, 0).reshape(-1, self.features)
        return self.out(x)


@mistake_of("ConvNet")
class ConvMeanOverPositions(nn.Module):
    """How many numbers of an image enter your last layer? Whether a filter found something above or below is lost."""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        return self.out(x.mean(dim=(2, 3)))


@mistake_of("ConvNet")
class ConvHiddenLayer(nn.Module):
    """What is there between the pooling and the logits in the formula, and what in your network?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv1 = nn.Conv2d(3, M, p)
        self.pool = nn.MaxPool2d(N)
        self.fc1 = nn.Linear(M * ((33 - p) // N) ** 2, 120)
        self.fc2 = nn.Linear(120, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = F.relu(self.fc1(torch.flatten(x, 1)))
        return self.fc2(x)


@mistake_of("ConvNet")
class ConvSoftmax(nn.Module):
    """Your outputs are probabilities. The loss turns logits into these itself: what becomes of yours?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        return F.softmax(self.out(x.flatten(1)), dim=1)


@mistake_of("ConvNet")
class ConvStatisticsOfTheBatch(nn.Module):
    """Put an image beside others and ask again, in eval mode: the answer changes. Which layer looks at the batch?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.norm = nn.BatchNorm2d(M, affine=False, track_running_stats=False)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.norm(self.conv(x)).relu()
        return self.out(self.pool(x).flatten(1))


@mistake_of("ConvNet")
class ConvDropoutAlways(nn.Module):
    """In eval mode your network still throws dice. Which call of yours doesn't ask for the mode?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        return self.out(F.dropout(x.flatten(1), 0.2))


@mistake_of("ConvNet")
class ConvFreshFilters(nn.Module):
    """Ask your network twice about the same image. Where are your filters made, and how often?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.M, self.p = M, p
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        conv = nn.Conv2d(3, self.M, self.p)
        return self.out(self.pool(conv(x).relu()).flatten(1))


@mistake_of("ConvNet")
class ConvFiltersDetached(nn.Module):
    """Look at the gradient of your filters after a backward pass. What do you cut in your forward?"""

    def __init__(self, M, p, N):
        super().__init__()
        self.conv = nn.Conv2d(3, M, kernel_size=p)
        self.pool = nn.MaxPool2d(N)
        self.out = nn.Linear(M * ((33 - p) // N) ** 2, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv(x)))
        return self.out(x.detach().flatten(1))


# ---- TunedNet -------------------------------------------------------------------------------------------------------


@mistake_of("TunedNet")
class TunedOneConvolution(nn.Module):
    """Count the convolutions of the tutorial's network, and yours. Their width is your choice, their number isn't."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 5)
        self.norm1 = nn.BatchNorm2d(64)
        self.pool = nn.MaxPool2d(4)
        self.fc1 = nn.Linear(64 * 7 * 7, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.norm1(self.pool(self.conv1(x))))
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


@mistake_of("TunedNet")
class TunedThreeConvolutions(nn.Module):
    """A deeper network would be easier to tune. How many convolutions does the question allow?"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=3, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 128, kernel_size=3, padding=1),
            nn.BatchNorm2d(128),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(128, 128, kernel_size=3, padding=1),
            nn.BatchNorm2d(128),
            nn.ReLU(),
            nn.MaxPool2d(2),
        )
        self.classifier = nn.Sequential(
            nn.Flatten(),
            nn.Linear(128 * 4 * 4, 256),
            nn.ReLU(),
            nn.Linear(256, 128),
            nn.ReLU(),
            nn.Linear(128, 10),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


@mistake_of("TunedNet")
class TunedFourDenseLayers(nn.Module):
    """Count the dense layers of the tutorial's network, the one of the logits included, and yours."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 5)
        self.conv2 = nn.Conv2d(64, 128, 5)
        self.norm1 = nn.BatchNorm2d(64)
        self.norm2 = nn.BatchNorm2d(128)
        self.fc1 = nn.Linear(128 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 64)
        self.fc4 = nn.Linear(64, 10)

    def forward(self, x):
        x = F.relu(self.norm1(F.max_pool2d(self.conv1(x), 2)))
        x = F.relu(self.norm2(F.max_pool2d(self.conv2(x), 2)))
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        x = F.relu(self.fc3(x))
        return self.fc4(x)


@mistake_of("TunedNet")
class TunedTwoDenseLayers(nn.Module):
    """Two convolutions are there. Count the dense layers: the tutorial's network has a hidden one more."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 5)
        self.conv2 = nn.Conv2d(64, 128, 5)
        self.norm1 = nn.BatchNorm2d(64)
        self.norm2 = nn.BatchNorm2d(128)
        self.fc1 = nn.Linear(128 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 10)

    def forward(self, x):
        x = F.relu(self.norm1(F.max_pool2d(self.conv1(x), 2)))
        x = F.relu(self.norm2(F.max_pool2d(self.conv2(x), 2)))
        x = F.relu(self.fc1(x.flatten(1)))
        return self.fc2(x)


@mistake_of("TunedNet")
class TunedAverageOverPositions(nn.Module):
    """Modern networks end so: an average over positions and one linear map. What stands there in the tutorial's?"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, padding=2),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 192, kernel_size=5, padding=2),
            nn.BatchNorm2d(192),
            nn.ReLU(),
        )
        self.fc = nn.Linear(192, 10)

    def forward(self, x):
        x = self.features(x).mean(dim=(2, 3))
        return self.fc(x)


@mistake_of("TunedNet")
class TunedSoftmax(nn.Module):
    """Add up your outputs for one image. Which layer of yours does the loss contain already?"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
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
            nn.Softmax(dim=1),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


@mistake_of("TunedNet")
class TunedLogSoftmax(nn.Module):
    """Can your network give a class a positive number? The logarithm of the softmax is the loss's part."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 32, 5)
        self.conv2 = nn.Conv2d(32, 64, 5)
        self.fc1 = nn.Linear(64 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return F.log_softmax(self.fc3(x), dim=1)


@mistake_of("TunedNet")
class TunedReLUAtTheEnd(nn.Module):
    """A ReLU follows every layer in your network. Should it follow the last one?"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
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
            nn.ReLU(),
        )

    def forward(self, x):
        return self.classifier(self.features(x))


@mistake_of("TunedNet")
class TunedDropoutAlways(nn.Module):
    """Evaluate your network twice: is its accuracy the same? A function of dropout doesn't know the mode by itself."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
        )
        self.classifier = nn.ModuleDict(
            {
                "2": nn.Linear(192 * 5 * 5, 256, bias=False),
                "3": nn.BatchNorm1d(256),
                "5": nn.Linear(256, 128),
                "7": nn.Linear(128, 10),
            }
        )

    def forward(self, x):
        x = F.dropout(self.features(x).flatten(1), 0.1)
        x = F.relu(self.classifier["3"](self.classifier["2"](x)))
        x = F.relu(self.classifier["5"](x))
        return self.classifier["7"](x)


@mistake_of("TunedNet")
class TunedStatisticsOfTheBatch(nn.Module):
    """In eval mode, does the answer to an image depend on those beside it? Look up what your norm keeps for later."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 5)
        self.conv2 = nn.Conv2d(64, 192, 5)
        self.norm1 = nn.BatchNorm2d(64, track_running_stats=False)
        self.norm2 = nn.BatchNorm2d(192, track_running_stats=False)
        self.fc1 = nn.Linear(192 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 10)

    def forward(self, x):
        x = F.relu(self.norm1(F.max_pool2d(self.conv1(x), 2)))
        x = F.relu(self.norm2(F.max_pool2d(self.conv2(x), 2)))
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


@mistake_of("TunedNet")
class TunedNormAlwaysTraining(nn.Module):
    """Your norm has means and variances of its own, but it uses the batch's. Which argument tells it the mode?"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
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
        for layer in self.features:
            if isinstance(layer, nn.BatchNorm2d):
                x = F.batch_norm(x, layer.running_mean, layer.running_var, layer.weight, layer.bias, training=True)
            else:
                x = layer(x)
        return self.classifier(x)


@mistake_of("TunedNet")
class TunedScaledByTheBatch(nn.Module):
    """Ask about one image alone, then with others: the answers differ. Whose mean and spread do you compute?"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
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
        x = (x - x.mean(dim=(0, 2, 3), keepdim=True)) / x.std(dim=(0, 2, 3), keepdim=True)
        return self.classifier(self.features(x))


@mistake_of("TunedNet")
class TunedMirrorsInEval(nn.Module):
    """Training on mirror images is a good idea. Does your network know when the training is over?"""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
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
        if torch.rand(()) < 0.5:
            x = x.flip(3)
        return self.classifier(self.features(x))


@mistake_of("TunedNet")
class TunedConvolutionsInAList(nn.Module):
    """Count the parameters that PyTorch finds in your network. Modules in a plain list are hidden from it."""

    def __init__(self):
        super().__init__()
        self.convolutions = [nn.Conv2d(3, 64, 5), nn.Conv2d(64, 192, 5)]
        self.fc1 = nn.Linear(192 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 10)

    def forward(self, x):
        for conv in self.convolutions:
            x = F.max_pool2d(conv(x).relu(), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


@mistake_of("TunedNet")
class TunedImagesMixed(nn.Module):
    """Change one image of a batch and look at the answers to the others. Which axis comes first when you flatten?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 5)
        self.conv2 = nn.Conv2d(64, 192, 5)
        self.pool = nn.MaxPool2d(2)
        self.fc1 = nn.Linear(192 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        x = self.pool(F.relu(self.conv2(x)))
        x = x.permute(1, 2, 3, 0).reshape(-1, 192 * 5 * 5)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


@mistake_of("TunedNet")
class TunedFreshLastLayer(nn.Module):
    """Your weights don't fit your network, and its answers change from call to call. Which layer is made too late?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 5)
        self.conv2 = nn.Conv2d(64, 128, 5)
        self.fc1 = nn.Linear(128 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 128)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return nn.Linear(128, 10)(x)


@mistake_of("TunedNet")
class TunedConvolutionsFrozen(nn.Module):
    """Which parameters have a gradient after a backward pass? Your convolutions stay as they were drawn."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.Conv2d(64, 192, kernel_size=5, bias=False),
            nn.MaxPool2d(3, stride=2, padding=1),
            nn.BatchNorm2d(192),
            nn.ReLU(),
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
        with torch.no_grad():
            x = self.features(x)
        return self.classifier(x)


@mistake_of("TunedNet")
class TunedHundredClasses(nn.Module):
    """Print the shape of your output. How many classes has this data set?"""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 5)
        self.conv2 = nn.Conv2d(64, 192, 5)
        self.fc1 = nn.Linear(192 * 5 * 5, 256)
        self.fc2 = nn.Linear(256, 128)
        self.fc3 = nn.Linear(128, 100)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = F.relu(self.fc1(x.flatten(1)))
        x = F.relu(self.fc2(x))
        return self.fc3(x)
