# %% [markdown]
# # What to play next: listening counts, convexity, and moods
#
# A music service knows two things. About each song it knows a handful of numbers: how fast it is, how loud, how sad.
# About each listener it knows counts: this song was played four times, that one never. From these it should make a
# playlist.
#
# You will do that twice. In the first half the listener has one taste, a vector $w$, and finding it is a *convex*
# problem: there is one best $w$, and everybody who looks for it properly finds the same. In the second half she has
# moods. Running, studying and being sad call for different songs, and nobody has written down which mood she was in.
# That problem isn't convex, and the *EM algorithm* is the classical way to live with it.
#
# "Convex" is easily said. Here every such claim comes with evidence. If you say that a function is convex, you
# deliver a *certificate* that a program can check. If you say that it isn't, you deliver a *witness*: three numbers
# that no convex function could survive.
#
# **How it works.** You fill in the functions; under each question you can run its checks as often as you like. There
# are 3 points, as in the homework: 2.5 for code and 0.5 for three short texts. Some conventions hold throughout:
#
# * There are $n$ observations, $d$ columns and $k$ moods. Row $i$ of `X`, shape `(n, d)`, describes a song, and
#   `y[i]` says how often it was played: 0, 1, 2, ... The weights `w` of one taste have the shape `(d,)`, those of
#   $k$ moods `W` have the shape `(k, d)`, a mood in each row, and `pi` has the shape `(k,)`. Counts may come as floats
#   or as integers.
# * Write every function for any $n$, $d$ and $k$, also for $n = 1$, $d = 1$ or $k = 1$.
# * The number $w^\top x_i$ is called the *log-rate* of a song. Compute in `float64`.
# * A function never changes its arguments. (Careful with `W[j] = ...` and `R /= ...`: they write into the caller's
#   array.)

# %%
from itertools import permutations

import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, logsumexp, softmax

import shared
from shared import convexity, plotting, songs

plotting.use_style()

# %% [markdown]
# Experiments that take more than a moment stand under `if shared.running_slow():`. That is true for you and false
# while your notebook is being graded, so the grader doesn't wait for your figures. Leave those lines as they are.
#
# Meet the catalogue: 72 invented songs, each with five numbers between $-1$ (not at all) and $1$ (very). A column of
# ones comes first, so that $w$ starts with an intercept: how much this listener plays at all.

# %%
CATALOGUE = songs.load_songs()
X_CATALOGUE = songs.feature_matrix(CATALOGUE)

print(f"{'':34}" + "".join(f"{name:>12}" for name in songs.FEATURES))
for i in (0, 16, 20, 27, 33, 46, 60, 70):
    print(f"{CATALOGUE[i].title:34}" + "".join(f"{value:12.1f}" for value in X_CATALOGUE[i]))

# %% [markdown]
# # Part a · One taste
#
# ## Part 1 · Counting plays
#
# The simplest model for a count is the Poisson distribution. Its one parameter, the rate $\lambda > 0$, is the mean
# of the count and its variance as well. We let each song have its own rate. A rate must be positive, while
# $w^\top x_i$ can be any number, so the model puts an exponential between the two: $\lambda_i = e^{w^\top x_i}$, and
#
# $$p(y \mid x_i, w) = \frac{\lambda_i^y\, e^{-\lambda_i}}{y!}, \qquad y = 0, 1, 2, \ldots$$
#
# An entry of $w$ then acts by multiplication. If the weight of "energy" is $0.7$, a song with energy 1 is played
# $e^{0.7} \approx 2$ times as often as the same song with energy 0.
#
# **A slip in the homework.** There, $Y_i$ is said to lie in $\{1, 2, \ldots\}$, since only songs that were played at
# all are in the list. But a Poisson variable can be 0, and with the rate 1 it is so 37 % of the time. In this
# notebook 0 is a count like any other: the song was offered and skipped. What happens if you apply the model to
# a list without zeros is the subject of Part 4.
#
# The songs are independent given $w$, so the *likelihood* is a product, $L(w) = \prod_i p(y_i \mid x_i, w)$. The
# maximum likelihood estimator $\hat w$ makes it as large as possible. We follow the custom of minimising, and of
# taking logarithms: what we minimise is the *negative log-likelihood* $-\log L(w)$.
#
# ## Question 1 · The negative log-likelihood (0.2 points)
#
# Define `poisson_nll(w, X, y)`, which returns $-\log L(w)$ as a float: the sum over the songs, not the mean.
#
# The term $\log y_i!$ doesn't depend on $w$. Leave it out, if you like. (If you keep it, take `gammaln(y + 1)`: 171!
# is too large for a `float64`.) And don't compute $p$ first and its logarithm afterwards: a song with the log-rate
# $-1000$ has a rate that rounds to 0, yet its term is an ordinary number.
#
# *The checks look at:* values, up to a constant; that log-rates from $-10\,000$ to $700$ give finite results without a
# warning; that your arguments stay as they were.

# %%
from solutions.poisson_em import poisson_nll

# %% [markdown]
# ## Question 2 · The gradient (0.15 points)
#
# Define `poisson_gradient(w, X, y)`, the gradient of $-\log L$ at $w$, shape `(d,)`.
#
# Before you write it, differentiate a single term with paper and pencil. The result says something simple about
# $\hat w$: at the minimum, predicted and actual counts agree in a certain sense. With a column of ones, for instance,
# the expected counts add up to exactly the number of plays.
#
# *The checks look at:* whether it is the slope of your own `poisson_nll`; other values, at log-rates from $-10\,000$ to
# 690.

# %%
from solutions.poisson_em import poisson_gradient

# %% [markdown]
# ## Question 3 · The Hessian (0.15 points)
#
# Define `poisson_hessian(w, X, y)`, the matrix of second derivatives of $-\log L$ at $w$, shape `(d, d)`.
#
# Avoid `np.diag`: for 100 000 songs it would make a matrix of 80 GB. Multiply the rows of `X` by numbers instead.
#
# *The checks look at:* whether it is the slope of your own `poisson_gradient`; other values, at the same log-rates; a
# large $n$.

# %%
from solutions.poisson_em import poisson_hessian

# %% [markdown]
# ## Part 2 · Convex, and how you know
#
# A function $f$ is *convex* if its graph never rises above its chords: for all $a$, $b$ and all $t$ from 0 to 1
#
# $$f(ta + (1 - t)b) \;\le\; t f(a) + (1 - t) f(b).$$
#
# This is Jensen's inequality, with two points. It matters because a convex function has no false bottoms: wherever
# you can't go down any more, you have arrived at the lowest point of all. Any method that walks downhill and doesn't
# stop early finds it, from any start.
#
# How would you *convince* somebody? The two answers need different evidence.
#
# **Convex: a certificate.** The inequality has to hold for infinitely many $a$, $b$ and $t$, so trying some proves
# nothing. But a smooth function is convex exactly if its Hessian $H(w)$ satisfies $v^\top H(w)\, v \ge 0$ for
# all directions $v$ and all points $w$, and that can often be *read off*: write $v^\top H(w)\, v$ as a sum of terms
# none of which can be negative, whatever $v$ and $w$ are. Such a formula is a certificate. It can be checked term by
# term.
#
# ## Question 4 · A certificate of convexity (0.2 points)
#
# Define `curvature_terms(v, w, X)`, shape `(n,)`: the terms of such a sum for $-\log L$, one from each song. Entry $i$
# is made from $v$, $w$ and row $i$ of `X` alone, no entry is ever negative, and the sum of all is
# $v^\top H(w)\, v$.
#
# *The checks look at:* just that: the signs, the sum (with your own Hessian and with ours), and that no entry depends
# on other songs; for many $v$, $w$ and $X$, also at log-rates from $-10\,000$ to 690.

# %%
from solutions.poisson_em import curvature_terms

# %% [markdown]
# So $-\log L$ is convex, and as long as the columns of $X$ are independent, it is even strictly so: there is at most
# one minimum.
#
# **Not convex: a witness.** Here a single example settles the matter: two points $a$ and $b$ and a number $t$ between
# 0 and 1 with
#
# $$f(ta + (1 - t)b) - t f(a) - (1 - t) f(b) \;>\; 0.$$
#
# The left side is `convexity.jensen_gap(f, a, b, t)`. A positive gap can't be argued away.
#
# We try this on the smallest data set there is, three songs with one number each, so that $w$ is a single number:
# $x = (1, 1, 0.5)$ and $y = (6, 0, 1)$. They are in `convexity.X` and `convexity.y`. Two functions of $w$ suggest
# themselves for minimising:
#
# * `convexity.minus_likelihood(w)` is $-L(w)$, the likelihood without a logarithm;
# * `convexity.squared_error(w)` is $\sum_i (y_i - e^{w x_i})^2$, which needs no distribution at all.
#
# ## Question 5 · The likelihood isn't convex (0.05 points)
#
# Define `witness_likelihood = (a, b, t)`, three floats with $0 < t < 1$ for which `convexity.minus_likelihood` has a
# positive Jensen gap. Find it by looking at a plot of the function, by thinking about its tails, or by trying random
# triples.
#
# *The checks look at:* whether your witness is one, with a gap that can't be mere rounding.

# %%
from solutions.poisson_em import witness_likelihood

# %% [markdown]
# ## Question 6 · The squared error isn't convex (0.05 points)
#
# Define `witness_squared_error = (a, b, t)` in the same way for `convexity.squared_error`.
#
# *The checks look at:* the same.

# %%
from solutions.poisson_em import witness_squared_error

# %% [markdown]
# Here are your two witnesses. The dashed line is the chord from $a$ to $b$; the thick bar is the Jensen gap, by which
# the curve rises above it. On the right is your `poisson_nll` for the same three songs, with the ends $a$ and $b$ of
# your first witness: there the bar hangs below the chord, as it must.

# %%
if shared.running_slow():

    def draw_chord(ax, function, a, b, t):
        """The curve of a function of one number, its chord from a to b, and the gap at t a + (1 - t) b."""
        a, b, t = (float(np.ravel(number)[0]) for number in (a, b, t))
        grid = np.linspace(min(a, b) - 0.6, max(a, b) + 0.6, 400)
        ax.plot(grid, [function(w) for w in grid])
        ax.plot([a, b], [function(a), function(b)], "o--", color="black", linewidth=1.2, markersize=5)
        middle, gap = t * a + (1 - t) * b, convexity.jensen_gap(function, a, b, t)
        ax.plot([middle] * 2, [function(middle) - gap, function(middle)], color="C1" if gap > 0 else "C3", linewidth=4)
        ax.set(xlabel="$w$")

    fig, axes = plt.subplots(1, 3, figsize=(11, 3.6), layout="constrained")
    draw_chord(axes[0], convexity.minus_likelihood, *witness_likelihood)
    axes[0].set_title("Minus the likelihood")
    draw_chord(axes[1], convexity.squared_error, *witness_squared_error)
    axes[1].set_title("The squared error")
    draw_chord(axes[2], lambda w: poisson_nll(np.array([w]), convexity.X, convexity.y), *witness_likelihood)
    axes[2].set_title("The negative log-likelihood")
    plt.show()

# %% [markdown]
# Compare the left panel with the right one. $L$ and $\log L$ have their maximum at the same $w$, since the logarithm
# is increasing. But far from it $-L$ rises towards 0, which it can't pass, and so it flattens out. A method that walks
# downhill feels no slope there and stays. The logarithm stretches those plains into steep slopes, and this is what
# *transforms* the problem into a convex one. (That it also turns a product into a sum, and saves us from underflow, is
# welcome too.)
#
# The squared error is no cure. To the right it is as steep as one could wish, but to the left, where all rates tend
# to 0, it approaches the constant $\sum_i y_i^2$.
#
# ## Part 3 · Finding the minimum
#
# Smooth, convex, few dimensions: this is what Newton's method is made for. Each step replaces the function by the
# parabola with the same value, slope and curvature, and jumps to its lowest point:
# $w \leftarrow w - H(w)^{-1}\, \nabla(w)$. Start at $w = 0$, where all rates are 1, and for small counts all is well.
#
# Now let the counts be large. The cell below makes data with mean counts near 5, 20, 60, 100 and 500, and shows the
# path of the intercept from 0, with your own gradient and Hessian.


# %%
def counts_around(mean):
    """200 songs with an intercept and one feature, whose counts are around this mean."""
    rng = np.random.default_rng(1)
    X = np.column_stack([np.ones(200), rng.normal(size=200)])
    return X, rng.poisson(mean * np.exp(0.3 * X[:, 1]))


def plain_newton(X, y, steps):
    """The points that Newton's method passes through from 0, without any precaution: (steps + 1, d)."""
    path = [np.zeros(X.shape[1])]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            H, slope = poisson_hessian(path[-1], X, y), poisson_gradient(path[-1], X, y)
            path.append(path[-1] - np.linalg.solve(H, slope) if np.isfinite(H).all() else np.full(len(slope), np.nan))
    return np.array(path)


if shared.running_slow():
    fig, ax = plt.subplots(figsize=(8, 4.4), layout="constrained")
    print("The intercept after    1      2      3     10     25     50    100 steps   (it should be)")
    for mean, color in zip((5, 20, 60, 100, 500), ("C0", "C3", "C2", "C4", "C1"), strict=True):
        path = plain_newton(*counts_around(mean), 100)[:, 0]
        ax.plot(path, ".-", markersize=4, linewidth=1, color=color, label=f"mean count {mean}")
        print(f"mean count {mean:3d}  " + "".join(f"{path[t]:7.1f}" for t in (1, 2, 3, 10, 25, 50, 100)), end="")
        print(f"         ({np.log(mean):.1f})")
    ax.set(xlabel="Newton steps", ylabel="intercept", ylim=(-40, 115))
    ax.legend(loc="upper right")
    plt.show()

# %% [markdown]
# At 0 all rates are 1, and the parabola knows nothing of the exponential growth ahead. Its lowest point is, roughly,
# where the intercept equals the *mean count*, while it should be the logarithm of the mean count. Out there the rates
# are absurdly large; gradient and Hessian grow alike, their ratio is 1, and so the way back goes by one unit a step.
# With a mean count of 20 it ends well after some thirty steps, with 60 after 109, with 100 after 188: if you stop at
# 25, 50 or 100 steps, you return nonsense, and nothing tells you. (Why does the path overshoot, down to $-32$? After
# the first step at mean count 60, a single song has 99.7 % of all the expected plays. The Hessian sees only that song,
# and for two weights one song is not enough.) With 500 the second step would need $e^{951}$, far beyond a
# `float64`, and all that follows is `nan`. On these data the overflow begins at mean counts of about 380, and for some
# of those from 340 on the Hessian is singular up to rounding.
#
# Mind that nothing is wrong with the problem. It is convex, with a minimum that any careful method finds within a few
# steps:
#
# * **Halve the step** until the function falls as it should (and treat an overflow as "didn't fall"). Newton's method
#   with that precaution is safe from every start.
# * **Start better**, in addition: for instance with the logarithm of the mean count as intercept, where there is a
#   column of ones. But don't rely on its being there.
# * **Take a library's method that controls its steps**: `scipy.optimize.minimize(poisson_nll, start, args=(X, y),
#   jac=poisson_gradient)`, which is BFGS, or with `method="L-BFGS-B"`, or with `hess=poisson_hessian` and
#   `method="trust-exact"`. Give it the gradient. BFGS may report a "precision loss" at large counts, and be right to
#   seven digits all the same. But look at where it ended: `method="Newton-CG"`, started at 0, gives up without a move
#   when the counts are in the hundreds, and `success` says so.
#
# One warning. A general convex solver looks like the obvious tool, and `cvxpy` accepts this problem as it stands. It
# needs exponential cones, and not all its solvers are good at those. On the data above with a mean count of 500,
# SCS needed ten seconds and returned weights that were wrong by 1 and more; with a mean count of 20 they were still
# wrong by 0.05. CLARABEL took a fiftieth of a second and was right to four digits. So if you use cvxpy, say
# `solver=cvxpy.CLARABEL`, and heed the status `optimal_inaccurate`. Newton is faster than either.
#
# ## Question 7 · The fit (0.3 points)
#
# Define `fit_poisson(X, y)`, which returns $\hat w$, shape `(d,)`.
#
# You may assume that the columns of `X` are independent and that there is a minimum. (There need not be one. If all
# counts are 0, every smaller intercept is better than the last.) Don't assume a column of ones, or that counts are
# small.
#
# *The checks look at:* whether your own gradient vanishes at your answer; the weights, at mean counts from 1 to a few
# thousand, with a column of ones and without (they should be right to $10^{-3}$, or to a small part of a standard
# error); that your arguments stay as they were.

# %%
from solutions.poisson_em import fit_poisson

# %% [markdown]
# Now $\hat w$ rates all songs of the catalogue, heard or unheard, and the best of them make the playlist.
#
# ## Question 8 · The playlist (0.1 points)
#
# Define `playlist(X, w, m)`: the indices of the $m$ rows of `X` with the highest expected counts, best first, shape
# `(m,)`.
#
# You don't need the counts themselves to put songs in order. Compare log-rates: two songs with the log-rates 800 and
# 900 are far apart, although `np.exp` calls both of them `inf`.
#
# *The checks look at:* the order, for several $m$ (also $m = n$), and with log-rates beyond what `np.exp` can take.

# %%
from solutions.poisson_em import playlist

# %% [markdown]
# Here is a listener with one taste: cheerful, rather acoustic, with somebody singing. She has been offered 200 songs,
# drawn at random from the catalogue. The bars at the estimates are two standard errors long in each direction; a
# standard error is the root of a diagonal entry of $H(\hat w)^{-1}$. So the Hessian has a second use.

# %%
if shared.running_slow():
    w_true = np.array([-0.3, 0.3, 0.2, 0.6, 0.8, -0.9])
    rng = np.random.default_rng(3)
    X_heard = X_CATALOGUE[rng.integers(len(CATALOGUE), size=200)]
    y_heard = rng.poisson(np.exp(X_heard @ w_true))
    w_hat = fit_poisson(X_heard, y_heard)
    standard_errors = np.sqrt(np.diag(np.linalg.inv(poisson_hessian(w_hat, X_heard, y_heard))))

    fig, ax = plt.subplots(figsize=(7.5, 3.6), layout="constrained")
    ax.axhline(0, color="black", linewidth=0.8)
    positions = np.arange(len(w_hat))
    ax.errorbar(positions, w_hat, 2 * standard_errors, fmt="o", capsize=4, label=r"estimate $\hat w$")
    ax.plot(positions, w_true, "D", color="C1", markersize=5, markerfacecolor="none", label="truth")
    ax.set(ylabel="weight")
    ax.set_xticks(positions, songs.FEATURES)
    ax.legend()
    plt.show()
    print("Her playlist, with the expected number of plays:")
    for i in playlist(X_CATALOGUE, w_hat, 8):
        expected, in_truth = np.exp(X_CATALOGUE[i] @ w_hat), np.exp(X_CATALOGUE[i] @ w_true)
        print(f"  {CATALOGUE[i].title:34}{expected:4.1f}   (in truth {in_truth:.1f})")

# %% [markdown]
# ## Part 4 · The songs that nobody counted
#
# Back to the homework's $Y_i \in \{1, 2, \ldots\}$. Suppose that the service has records of the songs that were played
# at least once, and none of those with a count of 0. What happens if you fit the Poisson model to them, as if nothing
# were missing?
#
# An experiment with one feature $x \sim N(0, 1)$ and the true weights $(0, 0.7)$, so that the rates are $e^{0.7x}$.
# Of 50 000 songs we keep those with $y \ge 1$. The plain fit is your `fit_poisson`. The other one uses what we know
# about the records. Given that a count isn't 0, its probabilities are those of the *zero-truncated* Poisson
# distribution, $p(y \mid x, w) / (1 - e^{-\lambda})$ for $y = 1, 2, \ldots$ Its negative log-likelihood is yours plus
# one more term, and scipy minimises it.


# %%
def truncated_nll(w, X, y):
    """The negative log-likelihood of counts from 1 up, of which we know that zeros were left out."""
    return poisson_nll(w, X, y) + np.sum(np.log(-np.expm1(-np.exp(X @ w))))


if shared.running_slow():
    rng = np.random.default_rng(4)
    X_all = np.column_stack([np.ones(50_000), rng.normal(size=50_000)])
    y_all = rng.poisson(np.exp(X_all @ [0.0, 0.7]))
    X_played, y_played = X_all[y_all > 0], y_all[y_all > 0]
    plain = fit_poisson(X_played, y_played)
    right = minimize(truncated_nll, np.zeros(2), args=(X_played, y_played)).x
    print(f"{np.mean(y_all > 0):.1%} of the songs were played at least once.")
    print("plain fit, all songs:         ", fit_poisson(X_all, y_all).round(2))
    print("plain fit, played songs:      ", plain.round(2))
    print("zero-truncated, played songs: ", right.round(2))

    fig, ax = plt.subplots(figsize=(7.5, 4.4), layout="constrained")
    grid = np.linspace(-2.5, 2.5, 201)
    edges = np.linspace(-2.5, 2.5, 21)
    for features, counts, color, label in (
        (X_all, y_all, "C4", "mean of all"),
        (X_played, y_played, "C0", "mean of those played"),
    ):
        bins = np.digitize(features[:, 1], edges)
        means = [counts[bins == number].mean() for number in range(1, len(edges))]
        ax.plot((edges[1:] + edges[:-1]) / 2, means, "o", markersize=4, color=color, label=label)
    for w, style, color, label in ((plain, "-", "C1", "plain fit"), (right, "--", "C3", "zero-truncated fit")):
        ax.plot(grid, np.exp(w[0] + w[1] * grid), style, color=color, label=f"{label}: rate $e^{{w^\\top x}}$")
    ax.set(xlabel="$x$", ylabel="count", ylim=(0, 6))
    ax.legend()
    plt.show()

# %% [markdown]
# ## Question 9 · What no count of zero does (0.15 points, read by a person)
#
# In four to six sentences: in which direction did the plain fit go wrong, in the intercept and in the slope, and why?
# (Which mean does a record have, given that it is in the list? For which songs is this far from $\lambda$, and
# for which is it nearly $\lambda$?) Would more records help? Say why the division by $1 - e^{-\lambda}$ repairs it.
# And in the homework's problem, what would you do with the songs that are not in $S$?

# %%
from solutions.poisson_em import truncation

# %% [markdown]
# # Part b · Moods
#
# ## Part 5 · A mixture
#
# Weeks later. This listener sometimes runs, sometimes studies, and is sometimes sad, and each time she wants other
# songs. Below we invent her. Each mood has its own weights, and each of 900 *observations* is one song in one of her
# listening sessions: a mood is drawn with the probabilities `PI_TRUE`, a song is drawn from the catalogue, and she
# plays it as often as a Poisson variable with that mood's rate says. Songs come up many times, in different moods.
# We keep the moods in `z_true`, to look at in the end. The service knows only `X` and `y`.

# %%
MOODS = ("workout", "study", "sad")
W_TRUE = np.array(
    [
        [-0.6, 0.7, 1.2, -0.6, 0.3, -0.5],
        [-0.6, -0.2, -0.9, 0.5, -1.4, -0.2],
        [-1.0, -0.6, -0.4, 0.4, 1.0, 1.5],
    ]
)
PI_TRUE = np.array([0.40, 0.35, 0.25])

rng = np.random.default_rng(3)
heard = rng.integers(len(CATALOGUE), size=900)
z_true = rng.choice(3, size=900, p=PI_TRUE)
X = X_CATALOGUE[heard]
y = rng.poisson(np.exp(np.sum(X * W_TRUE[z_true], axis=1)))

print(f"{np.mean(y == 0):.0%} of the counts are 0, their mean is {y.mean():.1f}, the largest is {y.max()}.")
for i in range(6):
    print(f"  {CATALOGUE[heard[i]].title:34}{y[i]:2d} plays      (mood: {MOODS[z_true[i]]})")

# %% [markdown]
# First the model of Part a, with one taste for everything:

# %%
if shared.running_slow():
    w_one = fit_poisson(X, y)
    print("One taste:")
    for i in playlist(X_CATALOGUE, w_one, 6):
        rates = np.exp(W_TRUE @ X_CATALOGUE[i])
        in_moods = ", ".join(f"{mood} {rate:.1f}" for mood, rate in zip(MOODS, rates, strict=True))
        print(f"  {CATALOGUE[i].title:34}expected {np.exp(X_CATALOGUE[i] @ w_one):.1f}   (in truth: {in_moods})")

# %% [markdown]
# A playlist for nobody in particular. Most songs at its top please two moods a little, or none of them, and the model
# expects 1.6 or 1.7 plays of each. Only one of the six is a song that she plays often in any mood. Averaged over the
# moods, they have sunk into the crowd.
#
# So let there be $k$ moods. The mood of an observation, $z_i$, is $j$ with the probability $\pi_j$, and given the mood
# the count is Poisson with the rate $e^{w_j^\top x_i}$. We don't see $z_i$, so the probability of a count is a
# *mixture*:
#
# $$p(y_i \mid x_i, W, \pi) = \sum_{j=1}^k \pi_j\, p(y_i \mid x_i, w_j), \qquad \pi_j \ge 0, \quad \sum_j \pi_j = 1.$$
#
# ## Question 10 · The likelihood of a mixture (0.2 points)
#
# Define `mixture_log_likelihood(W, pi, X, y)`: the sum over the observations of the logarithm of this mixture, a
# float. (Without a minus sign this time: it is the quantity that we shall watch rising.)
#
# Now the logarithm stands in front of a sum. It doesn't reach the exponentials, and they under- and overflow. The
# remedy is `logsumexp(a, axis=1)`, which computes $\log \sum_j e^{a_{ij}}$ and takes out the largest term first. So
# compute the logarithms of the summands, and let it add them up. A mood with $\pi_j = 0$ is allowed: its logarithm is
# $-\infty$, and `logsumexp` knows what to do with that. (Silence numpy's warning with
# `with np.errstate(divide="ignore"):`.)
#
# *The checks look at:* values, up to terms that depend on neither `W` nor `pi`; that $k = 1$ is Part a again; that
# the order of the moods doesn't matter; log-rates from $-10\,000$ to $700$; probabilities of 0.

# %%
from solutions.poisson_em import mixture_log_likelihood

# %% [markdown]
# Is *this* problem convex? Take the three songs of Part 2 again, and two moods of probability 1/2 with one weight
# each. The negative log-likelihood is then a function of two numbers, `convexity.mixture_nll(W)`; `W` has the shape
# `(2, 1)`, a mood in each row. Before you try numbers, think about what happens if the two moods change places, and
# about what lies half-way between.
#
# ## Question 11 · The mixture isn't convex (0.1 points)
#
# Define `witness_mixture = (a, b, t)` with a positive Jensen gap for `convexity.mixture_nll`: `a` and `b` are
# arrays of the shape `(2, 1)`, and $0 < t < 1$.
#
# *The checks look at:* whether your witness is one, as before.

# %%
from solutions.poisson_em import witness_mixture

# %% [markdown]
# On the left you see `convexity.mixture_nll` from above, with your chord in it; on the right, its profile along that
# chord.

# %%
if shared.running_slow():
    a, b = (np.asarray(end, dtype=float).ravel() for end in witness_mixture[:2])
    t = float(np.ravel(witness_mixture[2])[0])
    limit = max(2.6, 1.15 * np.abs([a, b]).max())
    grid = np.linspace(-limit, limit, 121)
    heights = np.array([[convexity.mixture_nll([w_1, w_2]) for w_1 in grid] for w_2 in grid])
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.6), layout="constrained")
    levels = heights.min() + np.arange(0, 15)
    left.contourf(grid, grid, heights, levels=levels, cmap="Blues_r", extend="max")
    left.plot(grid, grid, ":", color="black", linewidth=1, label="the mirror $w_1 = w_2$")
    for below in (True, False):  # the lowest point on each side of the mirror
        side = np.where(np.tri(len(grid), k=-1, dtype=bool) == below, heights, np.inf)
        row, column = np.unravel_index(np.argmin(side), side.shape)
        left.plot(grid[column], grid[row], "*", color="C1", markersize=12, label="lowest points" if below else None)
    left.plot(*np.transpose([a, b]), "o--", color="black", linewidth=1.2, markersize=5, label="your chord")
    left.set(title="Two basins, mirror images", xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
    left.legend(loc="lower left", frameon=True)
    along = np.linspace(0, 1, 201)
    right.plot(along, [convexity.mixture_nll(s * a + (1 - s) * b) for s in along], label="function")
    ends = [convexity.mixture_nll(b), convexity.mixture_nll(a)]
    right.plot([0, 1], ends, "o--", color="black", linewidth=1.2, markersize=5, label="chord")
    at_t = convexity.mixture_nll(t * a + (1 - t) * b)
    gap = convexity.jensen_gap(convexity.mixture_nll, a, b, t)
    right.plot([t, t], [at_t - gap, at_t], color="C1", linewidth=4, label="Jensen gap")
    right.set(title="Along the chord", xlabel="$t$, from $b$ to $a$", ylabel="negative log-likelihood")
    right.legend()
    plt.show()

# %% [markdown]
# The moods have no names. Whatever $W$ you propose, the same rows in another order, with their $\pi_j$, have the same
# likelihood. So for each best $W$, if no two of its rows are equal, there are $k! - 1$ others, and a convex function
# would have to be just as low everywhere *between* them, where the moods grow alike. It isn't. And a logarithm doesn't
# help: the symmetry would survive it.
#
# ## Question 12 · Which are convex (0.05 points)
#
# Define `is_convex`, a dictionary with the keys `"minus_likelihood"`, `"poisson_nll"`, `"squared_error"` and
# `"mixture_nll"`: `True` for a convex function, `False` for one that isn't.
#
# After all the evidence this is a formality, and it is worth as much.
#
# *The checks look at:* the keys, and that the values are `True` or `False`; whether each is right you will see when
# your work has been graded.

# %%
from solutions.poisson_em import is_convex

# %% [markdown]
# ## Part 6 · The EM algorithm
#
# Two things are unknown, the moods $z_i$ and the parameters $(W, \pi)$, and each would be easy if we knew the other.
# With the moods known, sort the observations by mood and fit each pile as in Part a. With the parameters known, say
# for each observation how probable each mood is, given its count. EM takes turns:
#
# * the **E-step** computes, from the current parameters, the *responsibilities*
#   $r_{ij} = P(z_i = j \mid y_i, x_i, W, \pi)$. A table of $n$ rows and $k$ columns; each row sums to 1.
# * the **M-step** computes new parameters from the responsibilities. It maximises the *expected complete
#   log-likelihood*: the log-likelihood that we would have if the moods were known, $\log P(z, y \mid x, W, \pi)$,
#   averaged over the moods with the responsibilities as their probabilities. The responsibilities stay fixed meanwhile.
#
# One can show that the likelihood of the mixture never falls on the way. What each step is for this model, you
# derive.
#
# ## Question 13 · The E-step, derived (0.15 points, read by a person)
#
# Derive a formula for $r_{ij}$ in terms of $y_i$, $x_i$, $W$ and $\pi$, with math and words. Start with the joint
# probability of a mood and a count. Say which rule you use, what the denominator is, what cancels, and in one sentence
# what the number $r_{ij}$ means.

# %%
from solutions.poisson_em import e_step_derivation

# %% [markdown]
# ## Question 14 · The E-step (0.3 points)
#
# Define `e_step(W, pi, X, y)`, which returns the responsibilities `R`, shape `(n, k)`.
#
# Work with logarithms until the last moment, as in Question 10. Under a mood that doesn't fit, a count may have the
# probability $e^{-1000}$, and now and then a count fits none of the moods. Then all these probabilities round to 0, and
# $0/0$ is `nan`. Their *ratio* is what you need, and a ratio is a difference of logarithms.
#
# *The checks look at:* values, for several $k$ (also 1); that rows sum to 1; log-rates from $-10\,000$ to $700$, and
# counts to match; probabilities $\pi_j$ of 0 and very small ones; that your arguments stay as they were.

# %%
from solutions.poisson_em import e_step

# %% [markdown]
# To see what would have happened otherwise, here is a song with the rate $\lambda$ in the first mood and $1.1\lambda$
# in the second (each has the probability 1/2), played exactly $\lambda$ times. First the two Poisson probabilities
# from the formula of Part 1, computed as it stands. Then your E-step.

# %%
if shared.running_slow():
    print("     rate      probability of the count in either mood, naively      your responsibilities")
    for rate in (5.0, 50.0, 150.0, 500.0, 1000.0, 100_000.0):
        rates, count = np.array([rate, 1.1 * rate]), np.array([rate])
        with np.errstate(all="ignore"):
            naive = rates**count * np.exp(-rates) / np.exp(gammaln(count + 1))
        R = e_step(np.log(rates)[:, np.newaxis], np.array([0.5, 0.5]), np.ones((1, 1)), count)
        print(f"{rate:9.0f}      {naive[0]:12.3g} and {naive[1]:<12.3g}{'':22}{R[0, 0]:.3f} and {R[0, 1]:.3g}")

# %% [markdown]
# At $\lambda = 150$ the power $\lambda^y$ is beyond a `float64`, although the probability itself is an ordinary 0.03.
# From 500 on the factorial is infinite as well, and infinity by infinity is `nan`. In your E-step these counts are no
# problem, and the answer makes sense: the more plays, the clearer the difference of 10 % between the moods.
#
# ## Question 15 · The M-step, derived (0.2 points, read by a person)
#
# Write down the expected complete log-likelihood, given the responsibilities $r_{ij}$, and derive from it how
# $\pi$ and $w_1, \ldots, w_k$ are to be chosen, with math and words. Into which separate problems does the
# maximisation fall apart? Which of them have a closed form, and how do you solve the others? (What of Part a can you
# use again, and what changes?) Finish by saying how the two steps together make the $k$ playlists.

# %%
from solutions.poisson_em import m_step_derivation

# %% [markdown]
# ## Question 16 · The M-step (0.3 points)
#
# Define `m_step(R, X, y, W)`, which returns the new weights and the new probabilities, the pair `(W, pi)`, of shapes
# `(k, d)` and `(k,)`. The last argument is the weights so far. They are a good place to start from, and the caller
# wants to keep them.
#
# You needn't go all the way to the maximum in `W`. It is enough to raise the expected log-likelihood, for instance by
# one careful Newton step for each mood. The likelihood of the mixture then still never falls; this is called
# *generalised* EM. But a full step may overshoot, as in Part 3, so be careful. When called again and again with the
# same responsibilities, `m_step` must arrive at the maximum within 100 calls.
#
# A mood may die out: a column of `R` that is all 0, or nearly. Its probability is then 0, there is nothing to
# fit, its Hessian is 0, and its weights may be anything finite. Leave them as they are, for instance.
#
# *The checks look at:* the probabilities; whether the slope of the expected log-likelihood vanishes at your weights,
# after up to 100 calls, and that no call lowers it, also with counts of hundreds; $k = 1$; a mood without any
# responsibility; that your arguments stay as they were.

# %%
from solutions.poisson_em import m_step

# %% [markdown]
# ## Question 17 · EM (0.25 points)
#
# Define `em(X, y, k, rng)`, which returns the pair `(W, pi)`. From a random start, repeat E-step and M-step
# until an iteration raises the log-likelihood by less than $10^{-6}$. Do that from **at least 25 random starts**, and
# return the result with the highest log-likelihood. All randomness comes from `rng`.
#
# Why so often? Each run climbs from where it starts to the next summit, and there are many. You can see that below.
# If a single start finds the best of them with probability $p$, then $T$ starts all miss it with probability
# $(1 - p)^T$. For $p = 0.4$, about what we shall see, that is 60 % for one start, 8 % for five, and 3 in a million
# for 25.
#
# How to start? Random responsibilities followed by an M-step, or a random mood for each observation, or the weights of
# one common fit plus noise (of order 1, not 10: from far away the way is long, and often to a low summit). What you
# must not do is start all moods alike: if the rows of `W` are equal, then so are the columns of the responsibilities,
# up to $\pi$, and EM never tells the moods apart.
#
# *The checks look at:* the log-likelihood that you reach on small data sets ($n$ up to 100, $k \le 3$), compared with
# what EM reaches from the truth; that one more iteration gains next to nothing; that `pi` is a distribution; $k = 1$;
# that an equal `rng` gives the same result. (With `scipy.optimize` inside, this may take some seconds.)

# %%
from solutions.poisson_em import em

# %% [markdown]
# Now the listener with three moods. We let EM run from 30 random starts, 100 iterations each, and write down the
# log-likelihood after each iteration. (It takes a few seconds with a vectorised `m_step`, and up to a minute or two
# with a general minimiser inside.)

# %%
if shared.running_slow():

    def climb(W, pi, iterations):
        """The log-likelihood before each of so many iterations of EM, and after the last."""
        heights = [mixture_log_likelihood(W, pi, X, y)]
        for _ in range(iterations):
            W, pi = m_step(e_step(W, pi, X, y), X, y, W)
            heights.append(mixture_log_likelihood(W, pi, X, y))
        return np.array(heights)

    rng = np.random.default_rng(5)
    third = np.full(3, 1 / 3)
    climbs = np.array([climb(w_one + rng.normal(size=(3, 6)), third, 100) for _ in range(30)])
    at_truth, best = mixture_log_likelihood(W_TRUE, PI_TRUE, X, y), climbs[:, -1].max()
    ends = np.sort(climbs[:, -1])[::-1]

    fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4.2), sharey=True, layout="constrained")
    for heights in climbs:
        color = "C0" if heights[-1] > best - 0.1 else "C1"
        left.plot(np.arange(1, 101), heights[1:] - best, linewidth=1, color=color)
    left.set(xscale="log", xlabel="iteration", ylabel="log-likelihood, minus the best", title="The climbs")
    colors = np.where(ends > best - 0.1, "C0", "C1")
    right.scatter(np.arange(1, 31), ends - best, s=25, c=colors)
    right.set(xlabel="start, the best first", title="Where they are after 100 iterations")
    for ax in (left, right):
        ax.axhline(at_truth - best, color="black", linestyle="--", linewidth=1.2, label="the true parameters")
    right.legend(loc="upper right")
    left.set_ylim(ends[-1] - best - 5, 4)
    plt.show()
    print(
        f"Largest fall of the log-likelihood in {climbs[:, 1:].size} iterations: {-np.diff(climbs, axis=1).min():.1e}"
    )
    print("At the end, minus the best:", " ".join(f"{end - best:.1f}" for end in ends))

# %% [markdown]
# Every path rises at every step; the largest fall in 3000 iterations is a rounding error. But not all paths lead to the
# same place. In our run, 12 of 30 starts reach the best summit (blue). Ten come to rest 24.5 below it, on a summit of
# their own, six on one that is 62 below, and more iterations won't move them. Such a summit looks quite respectable
# from close by. On the one at $-24.5$ there is a mood for workouts and one for studying, more or less, and a third
# that she never had, with "Lullaby for a Washing Machine" at the top.
#
# The last two of our starts teach something else. They look as if they had arrived, and they haven't: one gets to the
# best summit after 263 iterations, the other after 451. In between they crawl over a plateau, on which an iteration
# gains as little as 0.0001. That is why the rule for stopping asks for less than $10^{-6}$.
#
# The best summit is *above* the true parameters. There is nothing wrong with that. The estimate is chosen to fit these
# very data, and the truth is not.
#
# Now your own `em`.

# %%
if shared.running_slow():
    W_hat, pi_hat = em(X, y, 3, np.random.default_rng(6))
    print(f"log-likelihood: {mixture_log_likelihood(W_hat, pi_hat, X, y) - at_truth:.1f} above the true parameters")
    match = list(min(permutations(range(3)), key=lambda order: np.sum((W_hat[list(order)] - W_TRUE) ** 2)))
    W_hat, pi_hat = W_hat[match], pi_hat[match]

    fig, axes = plt.subplots(1, 2, figsize=(10.5, 3.2), sharey=True, layout="constrained")
    for ax, weights, shares, title in zip(axes, (W_TRUE, W_hat), (PI_TRUE, pi_hat), ("Truth", "EM"), strict=True):
        image = ax.imshow(weights, cmap="PuOr", vmin=-2, vmax=2, aspect="auto")
        for (row, column), weight in np.ndenumerate(weights):
            color = "white" if abs(weight) > 1.3 else "black"
            ax.text(column, row, f"{weight:.1f}", ha="center", va="center", color=color)
        ax.set_xticks(range(6), songs.FEATURES, rotation=30, ha="right")
        ax.set_yticks(range(3), MOODS)
        ax.set_title(f"{title}: $\\pi$ = " + ", ".join(f"{share:.2f}" for share in shares))
        ax.grid(visible=False)
    fig.colorbar(image, ax=axes, label="weight")
    plt.show()

# %% [markdown]
# EM doesn't know that the first mood is called workout. Its rows come in any order, so before comparing them with the
# truth we tried all six orders and took the closest. The large weights are all where they belong, and the errors
# are a few tenths, with 900 counts of which more than half are 0.
#
# How do we know that there are three moods? We told the program. The likelihood alone can't say, since it never falls
# when $k$ grows. But how *much* it rises is telling: in our runs on these data, from $k = 2$ to $k = 3$ by 100,
# and from $k = 3$ to $k = 4$ by 4, for seven more parameters each time.
#
# ## Question 18 · A playlist for each mood (0.1 points)
#
# Define `mood_playlists(X, W, m)`: a list of $k$ arrays, the playlist of each mood, in the order of the rows of `W`.
#
# *The checks look at:* the lists, for several $k$ and $m$ (also $m = n$).

# %%
from solutions.poisson_em import mood_playlists

# %%
if shared.running_slow():
    columns = mood_playlists(X_CATALOGUE, W_hat, 7)
    print("   " + "".join(f"{mood.upper():36}" for mood in MOODS))
    for number, row in enumerate(zip(*columns, strict=True), start=1):
        print(f"{number:2d} " + "".join(f"{CATALOGUE[i].title:36}" for i in row))
    in_truth = mood_playlists(X_CATALOGUE, W_TRUE, 7)
    common = [len(set(found) & set(best)) for found, best in zip(columns, in_truth, strict=True)]
    print("Of these 7, so many are on the list that the true weights would make:", *common)

# %% [markdown]
# Nobody has ever told the program what a workout is.
#
# ## How well did it work?
#
# It is tempting to measure this by the share of observations that are assigned to their true mood. Before you do
# so with any clustering, ask how large that share *could* be. Nobody can do better than Bayes' rule with the true
# parameters: take the mood with the largest $P(z_i = j \mid y_i, x_i)$.

# %%
if shared.running_slow():
    groups = ((0, 0, "0"), (1, 1, "1"), (2, 2, "2"), (3, 4, "3 or 4"), (5, 7, "5 to 7"), (8, y.max(), "8 or more"))
    wrong = {
        "Bayes' rule, true parameters": np.argmax(e_step(W_TRUE, PI_TRUE, X, y), axis=1) != z_true,
        "your EM": np.argmax(e_step(W_hat, pi_hat, X, y), axis=1) != z_true,
    }
    fig, ax = plt.subplots(figsize=(7.5, 3.8), layout="constrained")
    for shift, (name, errors) in zip((-0.2, 0.2), wrong.items(), strict=True):
        shares = [errors[(low <= y) & (y <= high)].mean() for low, high, _ in groups]
        ax.bar(np.arange(len(groups)) + shift, shares, width=0.38, label=f"{name} (of all: {errors.mean():.0%})")
        print(f"{name:30}" + "".join(f"{share:9.0%}" for share in shares))
    sizes = [np.sum((low <= y) & (y <= high)) for low, high, _ in groups]
    labels = [f"{name}\n($n = {size}$)" for (_, _, name), size in zip(groups, sizes, strict=True)]
    ax.set_xticks(np.arange(len(groups)), labels)
    ax.set(xlabel="number of plays", ylabel="share assigned to a wrong mood", ylim=(0, 0.75))
    ax.legend()
    plt.show()

# %% [markdown]
# Even with the true parameters, Bayes' rule is wrong about 35 % of these observations. (In 200 000 fresh ones it is
# 33 %.) Of those with a single play it misses every second one. That isn't a defect of the method: a song that was
# played once, or skipped, says next to nothing about the mood, and most songs are of this kind. Where there is
# something to know, from five plays on, hardly any assignment is wrong.
#
# So a "cluster accuracy" of 65 % may be as good as it gets, and the difference between the two colors is noise.
# Moreover, labels can be permuted, and a careless comparison punishes that. Better questions are: how high is the
# likelihood, on these data or, better, on fresh ones? How far are the weights from the truth, in the best order? And
# would you listen to these playlists?
#
# That is all. What to take home: a claim of convexity deserves a proof that can be checked, and often there is a short
# one. A convex problem can still defeat a careless method. Data that are missing for a reason, like the zeros, don't
# become harmless by being many. And where a problem isn't convex, start often, watch the quantity that must
# not fall, and compare what you found in a way that doesn't depend on names.
#
# To hand in: save, choose *Restart and run all* once, and submit this notebook alone.
