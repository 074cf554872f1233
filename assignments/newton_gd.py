# %% [markdown]
# # Newton's method, gradient descent, and three ways to be wrong
#
# Logistic regression has no closed-form solution. We can write down what we want, the parameter
# $\hat\theta_n$ with the smallest empirical risk, but a computer has to walk there, one step at a time. So
# when your fitted model is wrong, it may be wrong for three different reasons:
#
# * the model can't express the truth (**approximation** error),
# * the sample was too small to find the best model (**estimation** error),
# * you stopped walking too early (**optimization** error).
#
# In this notebook you write both of the classical ways to walk, Newton's method and gradient descent, repeat
# the lecture's experiments with them, and then measure each of the three errors on its own. On the way we
# look closely at the places where the slides or their code slip, because each of them teaches something.
#
# **How it works.** You fill in the functions; under each question you can run its checks as often as you
# like. There are 10 points: 8 for code, 2 for two short texts. Some conventions hold throughout:
#
# * Labels are $y_i \in \{-1, +1\}$. Row $i$ of `X`, shape `(n, d)`, belongs to `y[i]`; `theta` has shape
#   `(d,)`. Write every function of Parts 1 to 4 for any $d$.
# * Compute in `float64`, numpy's default. Numbers are compared to about 8 digits, which `float32` can't
#   deliver.
# * A function never changes its arguments. (Careful with `theta -= ...`: it writes into the caller's array.)
# * Random functions draw from the generator `rng` that they are given (`rng.normal`, `rng.uniform`, ...), so
#   that your results can be repeated.

# %%
import warnings

import matplotlib.pyplot as plt
import numpy as np

import shared
from shared import plotting

plotting.use_style()
LECTURE = {"mu_neg": -2.0, "mu_pos": 1.0, "sigma": 1.0}  # the lecture's setting, used from Part 5 on

# %% [markdown]
# Experiments that take more than a moment stand under `if shared.running_slow():`. That is true for you and
# false while your notebook is being graded, so the grader doesn't wait for your figures. Leave those lines as
# they are.
#
# ## Part 1 · What we minimise
#
# The model says that the probability of the label $+1$ is
#
# $$P(Y = 1 \mid x) = \sigma(x^\top \theta), \qquad \sigma(z) = \frac{1}{1 + e^{-z}},$$
#
# where $x$ starts with a 1, so that the first entry of $\theta$ is the intercept. The number
# $z = x^\top\theta$ is the *log-odds*. With one covariate, as in the lecture,
# $x^\top\theta = \beta_0 + \beta_1 x$.
#
# The lecture's `sigmoid` calls itself stable, but `np.exp(-x)` overflows as soon as $x < -709$. Log-odds of
# that size are not exotic: a covariate in other units, or one step that is too long, is enough. Two remedies
# are common: use an exponential whose argument is never positive, or another function of numpy that says the
# same thing.
#
# ## Question 1 · The sigmoid (0.5 points)
#
# Define `sigmoid(z)`, for a number or an array of any shape, entry by entry; it returns the same shape.
#
# *The checks look at:* values, shapes, $\sigma(-z) = 1 - \sigma(z)$, and that $|z|$ up to $10^4$ gives
# neither an overflow nor a warning.

# %%
from solutions.newton_gd import sigmoid

# %% [markdown]
# The loss of a prediction $p = \sigma(x^\top\theta)$ is the *cross-entropy*, minus the logarithm of the
# probability that the model gave to what happened:
#
# $$\ell(\theta; x, y) = -I(y = 1) \log \sigma(x^\top\theta)
# \;-\; I(y = -1) \log\bigl(1 - \sigma(x^\top\theta)\bigr),
# \qquad R_n(\theta) = \frac1n \sum_{i=1}^n \ell(\theta; x_i, y_i).$$
#
# **A slip on the slide.** There, $f_\theta(x) = \sigma(\beta_0 + \beta_1 x)$ is already a probability, and
# then the loss is written with $\sigma(f_\theta(x))$: the sigmoid is applied twice. Taken at its word, no
# model could ever get below a loss of $-\log\sigma(1) \approx 0.313$, because $\sigma$ of a probability is at
# most $\sigma(1) \approx 0.73$. In the lecture's own example the true parameter has a risk of $0.166$. The
# gradient on the next slide is that of the loss above, so we use this one.
#
# ## Question 2 · The empirical risk (0.75 points)
#
# Define `risk(theta, X, y)`, which returns $R_n(\theta)$ as a float.
#
# Taking the logarithm of a sigmoid fails where it matters most: for a sample that is far on the wrong side,
# $\sigma$ rounds to 0 and its logarithm is $-\infty$, though the loss is a plain number like 800. Simplify
# first; the labels $\pm 1$ let you write both cases in one expression of $y\,x^\top\theta$, the *margin*.
#
# *The checks look at:* values for several $d$ and $n$ (also $n = 1$); that margins up to $10^4$ give finite,
# right values without a warning.

# %%
from solutions.newton_gd import risk

# %% [markdown]
# ## Part 2 · Slope and curvature
#
# At a minimum the gradient vanishes. For the two parameters of the lecture that is its *score equation*,
#
# $$\frac{\partial R_n(\theta)}{\partial \theta} = \begin{pmatrix}
# n^{-1} \sum_{i=1}^n \bigl(\sigma(\beta_0 + \beta_1 x_i) - I(y_i = 1)\bigr) \\
# n^{-1} \sum_{i=1}^n x_i \bigl(\sigma(\beta_0 + \beta_1 x_i) - I(y_i = 1)\bigr) \end{pmatrix} = 0.$$
#
# Read it in words: at $\hat\theta_n$ the residuals (predicted probability minus what happened) sum to zero,
# and they are uncorrelated with $x$. Since $R_n$ is the negative log-likelihood divided by $n$,
# $\hat\theta_n$ is the maximum likelihood estimator.
#
# ## Question 3 · The gradient (1 point)
#
# Define `gradient(theta, X, y)`, which returns the gradient of $R_n$ at $\theta$, shape `(d,)`, for any $d$.
#
# *The checks look at:* whether it is the slope of your own `risk` (central differences with step $10^{-5}$),
# other values, and that your arguments stay as they were.

# %%
from solutions.newton_gd import gradient

# %% [markdown]
# Differentiating once more, the lecture finds for its two parameters
#
# $$\frac{\partial^2 R_n(\theta)}{\partial\theta\,\partial\theta^\top} = \begin{pmatrix}
# n^{-1}\sum_i w_i(\theta) & n^{-1}\sum_i w_i(\theta)\, x_i \\
# n^{-1}\sum_i w_i(\theta)\, x_i & n^{-1}\sum_i w_i(\theta)\, x_i^2 \end{pmatrix},
# \qquad w_i(\theta) = \sigma(\beta_0 + \beta_1 x_i)\bigl(1 - \sigma(\beta_0 + \beta_1 x_i)\bigr).$$
#
# The labels have gone: the curvature depends only on where the model is undecided. Each $w_i$ is largest,
# $1/4$, on the boundary $x_i^\top\theta = 0$, and far from it a sample contributes next to nothing. Remember
# this; it explains most of what follows.
#
# ## Question 4 · The Hessian (1 point)
#
# Define `hessian(theta, X, y)`, which returns the matrix of second derivatives of $R_n$ at $\theta$, shape
# `(d, d)`, for any $d$.
#
# The lecture's code multiplies by `np.diag(...)`, an $n \times n$ matrix with $n$ useful entries: at
# $n = 800$ that is where nearly all of its time goes, and at $n = 100\,000$ it would need 80 GB. Multiply the
# rows of `X` by their weights instead.
#
# *The checks look at:* whether it is the slope of your own `gradient`, other values, symmetry, and a large
# $n$.

# %%
from solutions.newton_gd import hessian

# %% [markdown]
# ## Part 3 · Newton's method
#
# Replace $R_n$ near $\theta^{(t)}$ by the parabola with the same value, slope and curvature, and jump to the
# bottom of the parabola:
#
# $$\theta^{(t+1)} = \theta^{(t)} -
# \left(\frac{\partial^2 R_n}{\partial\theta\,\partial\theta^\top}\right)^{-1}
# \frac{\partial R_n}{\partial\theta}\;\Bigg|_{\theta = \theta^{(t)}}.$$
#
# Near the minimum the number of right digits doubles with each step. The method has two weak points, and you
# should know both.
#
# **There may be no minimum.** The slide says that the minimiser "uniquely exists". That needs data that are
# *not separable*. If some $\theta$ puts every sample on its right side, $y_i\,x_i^\top\theta > 0$ for all
# $i$, then $2\theta$ does so with greater confidence and has a smaller risk, and so on: the risk falls
# towards 0 and never arrives, while $\|\theta\| \to \infty$. This happens in small samples of perfectly
# ordinary data, also in the lecture's own experiment, as we shall see. (For uniqueness the columns of `X`
# must also be linearly independent, or the Hessian is singular.)
#
# **The parabola may be a bad picture.** From a starting point far out, where all $w_i$ are tiny, the parabola
# is nearly flat and its bottom is absurdly far away. The lecture starts in $[-0.1, 0.1]^2$, close to 0, where
# all $w_i$ are close to their maximum. That choice is wiser than it looks.
#
# ## Question 5 · Newton's method (1 point)
#
# Define `newton(X, y, theta0, max_iter=25)`, which returns the point reached from `theta0` by `max_iter`
# steps, shape `(d,)`.
#
# * `theta0` must be the same after the call. (The lecture's `theta = theta_init`, followed by `theta -= ...`,
#   overwrites it.)
# * You may stop before `max_iter`, but only once a step changes no entry of $\theta$ by more than $10^{-10}$.
# * If the Hessian is singular, take the least-squares step (`np.linalg.lstsq`, with `rcond=None`) rather than
#   failing.
# * If your result separates the classes, the data are separable: say so with `warnings.warn("...")`, in your
#   own words, and return the finite point that you have reached.
#
# *The checks look at:* single steps and the limit, for several $d$, also with columns of different scale;
# that `theta0` survives; separable data (finite, no exception, your warning); a singular Hessian.

# %%
from solutions.newton_gd import newton

# %% [markdown]
# Watch both weak points. First, nine samples that a threshold at $x = 0.5$ separates: every five more Newton
# steps lead five units of margin farther, and the risk falls by another factor $e^{-5}$. Then data with a
# minimum, but from a bad start.

# %%
if shared.running_slow():
    x = np.array([-2.5, -1.5, -1.0, -0.5, 0.0, 1.0, 1.5, 2.0, 3.0])
    X_toy = np.column_stack([np.ones(9), x])
    y_separable = np.where(x > 0.5, 1.0, -1.0)
    y_overlapping = np.where((x > 0.5) ^ (x == -1.0), 1.0, -1.0)  # one sample on the other side
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        print("Separable: there is no minimum to find.")
        for steps in (5, 10, 15, 20, 25):
            theta = newton(X_toy, y_separable, np.zeros(2), max_iter=steps)
            value = risk(theta, X_toy, y_separable)
            print(f"  T = {steps:2d}   theta = {theta.round(2)}   risk = {value:.1e}")
        print("Not separable, from two starting points:")
        for start in (np.array([0.0, 0.0]), np.array([3.0, -3.0])):
            theta = newton(X_toy, y_overlapping, start)
            value = risk(theta, X_toy, y_overlapping)
            print(f"  from {start}   theta = {theta.round(2)}   risk = {value:.3g}")

# %% [markdown]
# ## Part 4 · Gradient descent
#
# Gradient descent uses the slope only:
# $\theta^{(t+1)} = \theta^{(t)} - \gamma_t\, \partial R_n/\partial\theta$ at $\theta^{(t)}$. A step costs
# less than one of Newton's, no linear system has to be solved, and in $d = 10^6$ dimensions it is the only
# one of the two that you can afford. The price is the *learning rate* $\gamma_t$, which you have to choose.
#
# **A slip between slide and code.** The slide says $\gamma_t = 50/(t + 50)$; the code multiplies this by 20.
# We use the code's schedule,
#
# $$\gamma_t = \gamma \cdot \frac{50}{t + 50}, \qquad t = 0, 1, 2, \ldots,$$
#
# where $\gamma$ is the argument `learning_rate`, 20 unless something else is said.
#
# The difference is not cosmetic. Close to the minimum, one step multiplies the error along an eigenvector of
# the Hessian by $1 - \gamma_t\lambda$, where $\lambda$ is the eigenvalue. At the lecture's $\theta^*$ the
# eigenvalues are about 0.015 and 0.067. Over 1000 steps the slide's schedule multiplies the error in the flat
# direction by about $0.09$, and that is all. With the factor 20 it is less than $10^{-21}$, and since
# $20 \cdot 0.067 < 2$ the steep direction is stable, too. In Parts 5 and 7 you will see both.
#
# ## Question 6 · Gradient descent (1 point)
#
# Define `gradient_descent(X, y, theta0, learning_rate=20.0, max_iter=1000)`, which returns the point reached
# from `theta0` by exactly `max_iter` steps on this schedule, shape `(d,)`. Again, `theta0` must survive.
#
# *The checks look at:* the points after 1 and after 5 steps, for several `learning_rate` and $d$ (after 1000
# steps most mistakes in a schedule can't be seen any more); the limit; `theta0`; separable data (finite, no
# exception).

# %%
from solutions.newton_gd import gradient_descent

# %% [markdown]
# ## Part 5 · A world where we know the truth
#
# To measure errors we need a world whose truth we know. The lecture takes two normal classes: $Y = \pm 1$,
# and given $Y$
#
# $$X \mid Y = -1 \;\sim\; N(\mu_{-1}, \sigma_\epsilon^2), \qquad
# X \mid Y = +1 \;\sim\; N(\mu_{1}, \sigma_\epsilon^2).$$
#
# With Bayes' rule,
#
# $$\log\frac{P(Y = 1 \mid x)}{P(Y = -1 \mid x)} = \log\frac{P(Y = 1)}{P(Y = -1)}
# \;-\; \frac{(x - \mu_1)^2}{2\sigma_\epsilon^2} \;+\; \frac{(x - \mu_{-1})^2}{2\sigma_\epsilon^2}.$$
#
# Expand the squares: $x^2$ cancels, because both variances are equal, and what remains is linear in $x$. So
# the logistic model is exactly right here, and its true parameter $\theta^*$ can be read off.
#
# **Two slips.** The slide has $P(Y = 1) = p$, but its $\theta^*$ is right for $p = 1/2$ only: look at what
# the first term does to the intercept otherwise. And its code divides the slope by $\sigma_\epsilon$, where
# the slide (rightly) divides by its square. At $\sigma_\epsilon = 1$ you can't see the difference, which is
# how such mistakes survive.
#
# ## Question 7 · The true parameter (0.5 points)
#
# Define `theta_star(mu_neg, mu_pos, sigma)`, which returns $\theta^* = (\beta_0^*, \beta_1^*)$, shape `(2,)`,
# for classes of equal probability.
#
# *The checks look at:* several means, and standard deviations other than 1.

# %%
from solutions.newton_gd import theta_star

# %% [markdown]
# ## Question 8 · The data (0.5 points)
#
# Define `generate_data(n, mu_neg, mu_pos, sigma, rng)`, which returns `X`, shape `(n, 2)`, its first column
# all ones and its second one $x$, and `y`, shape `(n,)`, its entries $-1$ and $+1$. Every label is drawn on
# its own, with probability $1/2$ each, so that the class sizes are random.
#
# *The checks look at:* shapes and labels; the distribution of the labels and, in each class, of $x$ (with
# `sigma` other than 1); that the rows are independent; that another `rng` gives other data and an equal one
# the same.

# %%
from solutions.newton_gd import generate_data

# %% [markdown]
# Here is one sample of the lecture's world, with the curve $\sigma(\beta_0^* + \beta_1^* x)$ that we would
# find if we had infinitely many. Next to it is the landscape of its empirical risk, and three walks from the
# same start. Newton takes a few bold steps. Gradient descent with the factor 20 throws itself far across the
# valley first (near $\theta = 0$ the risk is curved more strongly, and the rate is too large there) and then
# comes back fast. With the slide's schedule it enters the valley gently and crawls: its 60 steps end well
# before the minimum.

# %%
if shared.running_slow():
    truth = theta_star(**LECTURE)
    X, y = generate_data(200, **LECTURE, rng=np.random.default_rng(3))

    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
    for label, name in ((-1, "minus"), (1, "plus")):
        x, color = X[y == label, 1], plotting.COLORS[name]
        text = f"density of $x$ where $y = {label:+d}$"
        left.hist(x, bins=np.arange(-5, 4.5, 0.5), density=True, color=color, alpha=0.35, label=text)
        left.plot(x, np.full(len(x), 0.5 + 0.5 * label), "|", color=color, markersize=9, alpha=0.7)
    grid = np.linspace(-5, 4, 300)
    curve = sigmoid(truth[0] + truth[1] * grid)
    left.plot(grid, curve, color="black", label=r"$\sigma(\beta_0^* + \beta_1^* x)$")
    left.set(xlabel="$x$", title="One sample, $n = 200$")
    left.legend(loc="upper left", bbox_to_anchor=(0, 0.93))

    b0, b1 = np.meshgrid(np.linspace(-0.6, 3.8, 60), np.linspace(-0.6, 15.2, 60))
    heights = [risk(np.array(point), X, y) for point in zip(b0.flat, b1.flat, strict=True)]
    right.contour(b0, b1, np.log(heights).reshape(b0.shape), levels=24, cmap="Greys_r", linewidths=0.7)
    start = np.zeros(2)
    walks = {
        "gradient descent, factor 20": [gradient_descent(X, y, start, 20.0, t) for t in range(61)],
        "gradient descent, factor 1": [gradient_descent(X, y, start, 1.0, t) for t in range(61)],
        "Newton's method": [newton(X, y, start, t) for t in range(9)],
    }
    for (name, path), color in zip(walks.items(), ("gradient_descent", "minus", "newton"), strict=True):
        label = f"{name}, {len(path) - 1} steps"
        right.plot(*np.transpose(path), "o-", color=plotting.COLORS[color], markersize=3.5, label=label)
    right.plot(*truth, "*", color="black", markersize=13, label=r"$\theta^*$")
    right.set(xlabel=r"$\beta_0$", ylabel=r"$\beta_1$", title="The empirical risk, and three walks down")
    right.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2)
    plt.show()

# %% [markdown]
# ## Part 6 · The lecture's experiment
#
# Does $\hat\theta_n^{(T)}$ converge to $\theta^*$? The experiment: for each $n \in \{100, 200, 400, 800\}$,
# draw $M = 500$ samples of size $n$; for each of them draw an initial point from $U([-0.1, 0.1]^2)$ and run
# Newton's method for $T = 25$ steps. Then do the same with gradient descent and $T = 1000$.
#
# ## Question 9 · The simulation (0.75 points)
#
# Define `simulate_estimates(method, sample_sizes, M, rng)`. `method` is `"newton"` (25 steps) or
# `"gradient_descent"` (1000 steps, `learning_rate` 20); for any other, raise a `ValueError`. The setting is
# the lecture's, $\mu_{-1} = -2$, $\mu_1 = 1$, $\sigma_\epsilon = 1$. Return a dictionary that has for each
# $n$ in `sample_sizes` an array of shape `(M, 2)`, one estimate in each row.
#
# A plain loop over the replicates is fine; separable samples shouldn't stop it. With gradient descent at
# $M = 500$ it takes up to half a minute. If you enjoy that kind of thing: handle many samples at once, as one
# array of shape `(M, n, 2)`, and it is five times as fast.
#
# *The checks look at:* keys and shapes; the distribution of the estimates at small `M`, by ranks; that the
# replicates differ from each other; the `ValueError`.

# %%
from solutions.newton_gd import simulate_estimates

# %%
if shared.running_slow():
    sample_sizes = [100, 200, 400, 800]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # your newton warns about separable samples: we count them below
        by_newton = simulate_estimates("newton", sample_sizes, 500, np.random.default_rng(1))
        by_descent = simulate_estimates("gradient_descent", sample_sizes, 500, np.random.default_rng(1))

# %% [markdown]
# ## Question 10 · The error against n (0.25 points)
#
# Define `plot_errors(estimates)`, for a dictionary as `simulate_estimates` returns it. It draws, against $n$,
# the **median** over the replicates of $\|\hat\theta_n^{(T)} - \theta^*\|$ (Euclidean norm, the lecture's
# $\theta^*$), labels both axes, and returns the figure. Start with `fig, ax = plt.subplots()`. Other lines,
# say one proportional to $1/\sqrt n$ for comparison, are welcome.
#
# *The checks look at:* what your figure draws (a line through the points $(n, \text{median})$) and its axis
# labels, not at its style.

# %%
from solutions.newton_gd import plot_errors

# %%
if shared.running_slow():
    plot_errors(by_newton).suptitle("Newton's method, 25 steps")
    plot_errors(by_descent).suptitle("Gradient descent, 1000 steps")
    plt.show()

# %% [markdown]
# Both methods give the same picture: the error halves when $n$ grows fourfold. The lecture plots the **mean**
# of the errors. Why don't we? Let us repeat the experiment at $n = 100$ with eight other seeds and look at
# both. The last column is the largest of the 500 errors.

# %%
if shared.running_slow():
    print("seed   mean   median  largest        (Newton's method, n = 100, M = 500)")
    for seed in range(8):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            estimates = simulate_estimates("newton", [100], 500, np.random.default_rng(seed))[100]
        errors = np.linalg.norm(estimates - theta_star(**LECTURE), axis=1)
        print(f"{seed:4d} {errors.mean():7.2f} {np.median(errors):7.2f} {errors.max():9.1f}")

# %% [markdown]
# And how often is a sample separable? With one covariate that is easy to decide: all of one class lies to the
# left of all of the other. Where it happens, how far off is each method, after how many steps?

# %%
if shared.running_slow():
    many = 25_000
    for n in (50, 100, 200):
        X, y = generate_data(many * n, **LECTURE, rng=np.random.default_rng(0))
        x, y = X[:, 1].reshape(many, n), y.reshape(many, n)
        last_minus = np.max(x, axis=1, where=y < 0, initial=-np.inf)
        first_plus = np.min(x, axis=1, where=y > 0, initial=np.inf)
        separable = last_minus < first_plus
        print(f"n = {n:3d}: {1000 * separable.mean():5.2f} in 1000 samples are separable")
        if n == 100:
            chosen = np.flatnonzero(separable)[:60]
            samples = [(np.column_stack([np.ones(n), x[i]]), y[i]) for i in chosen]
    print("\nMedian distance from theta* over", len(samples), "separable samples of size 100:")
    runs = ((newton, 10), (newton, 25), (newton, 50), (gradient_descent, 1000), (gradient_descent, 4000))
    for fit, steps in runs:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            reached = np.array([fit(X, y, np.zeros(2), max_iter=steps) for X, y in samples])
        distance = np.median(np.linalg.norm(reached - theta_star(**LECTURE), axis=1))
        print(f"  {fit.__name__:16}  T = {steps:4d}   {distance:7.1f}")

# %% [markdown]
# ## Question 11 · Why the median? (1 point, read by a person)
#
# In four to eight sentences, with numbers from the output above: what is it about some samples that makes the
# *mean* error at $n = 100$ jump from seed to seed? What would happen to it at $T = 50$? Why does the mean of
# $\|\hat\theta_n^{(T)} - \theta^*\|$ therefore say nothing about $\hat\theta_n$, and why does the median?

# %%
from solutions.newton_gd import why_median

# %% [markdown]
# ## Question 12 · The scaled scatter (0.25 points)
#
# If the error falls like $1/\sqrt n$, then $\sqrt n\,(\hat\theta_n - \theta^*)$ should neither shrink nor
# grow. Define `plot_scaled_scatter(estimates)`: one panel for each $n$, in increasing order of $n$, with the
# $M$ points $\sqrt n\,(\hat\theta_n^{(T)} - \theta^*)$ (intercept across, slope upwards). The title of each
# panel names its $n$, and all panels have the **same limits**, so that they can be compared. Return the
# figure.
#
# Choose the limits so that the few estimates from separable samples don't squeeze all others into one dot: a
# quantile helps.
#
# *The checks look at:* the panels, the points in them, their titles and limits.

# %%
from solutions.newton_gd import plot_scaled_scatter

# %% [markdown]
# Theory says more: the cloud approaches a normal law,
# $\sqrt n\,(\hat\theta_n - \theta^*) \to N(0, I(\theta^*)^{-1})$, where the Fisher information $I(\theta^*)$
# is the Hessian of the *expected* risk at $\theta^*$. You have a function for that: `hessian` on one very
# large sample. In the limit, the ellipse of its inverse holds 95 % of the points. When does the limit begin?

# %%
if shared.running_slow():
    X, y = generate_data(200_000, **LECTURE, rng=np.random.default_rng(2))
    information = hessian(theta_star(**LECTURE), X, y)
    covariance = np.linalg.inv(information)
    experiments = {"Newton's method, 25 steps": by_newton, "Gradient descent, 1000 steps": by_descent}
    for name, estimates in experiments.items():
        fig = plot_scaled_scatter(estimates)
        fig.suptitle(name)
        for ax in fig.axes:
            plotting.draw_ellipse(ax, covariance, color="black", linewidth=1.2)
            ax.set(xlim=(-40, 40), ylim=(-40, 40))  # the same in both rows
    plt.show()
    for n, cloud in by_newton.items():
        scaled = np.sqrt(n) * (cloud - theta_star(**LECTURE))
        inside = np.einsum("mi,ij,mj->m", scaled, information, scaled) < -2 * np.log(0.05)
        print(f"n = {n}: {100 * inside.mean():.1f} % of the points lie in the ellipse")

# %% [markdown]
# From $n = 400$ on the two rows can't be told apart, and shouldn't: both methods have found $\hat\theta_n$, and
# what you see is how $\hat\theta_n$ itself scatters. At $n = 100$ a few points differ: where a sample is separable
# or nearly so, 1000 steps of gradient descent don't arrive. The clouds have the same size in every panel: that
# is the rate $1/\sqrt n$. Their shape settles later. At $n = 100$ the cloud leans out to the upper right, where the
# samples are that are *almost* separable, and even at $n = 800$ a few percent too many lie outside.
#
# ## Part 7 · Three errors, measured
#
# Write $R$ for the expected risk, $R^*$ for the smallest that any function of $x$ could have, $\theta^\circ$
# for the best parameter of our model ($\theta^\circ = \theta^*$ where the model is right), $\hat\theta_n$ for
# the minimiser of $R_n$, and $\hat\theta_n^{(T)}$ for what we have after $T$ steps. Then
#
# $$R(\hat\theta_n^{(T)}) - R^* =
# \underbrace{R(\hat\theta_n^{(T)}) - R(\hat\theta_n)}_{\text{optimization}} \;+\;
# \underbrace{R(\hat\theta_n) - R(\theta^\circ)}_{\text{estimation}} \;+\;
# \underbrace{R(\theta^\circ) - R^*}_{\text{approximation}}.$$
#
# ### Optimization
#
# It is measured best on the risk that the algorithm sees, $R_n$, where it is never negative.
#
# ## Question 13 · The optimization error (0.5 points)
#
# Define `optimization_errors(X, y, theta0, steps)`: for each $t$ in `steps`, how far $R_n(\theta^{(t)})$ lies
# above $R_n(\hat\theta_n)$ after $t$ steps from `theta0`. It returns a dictionary with the keys `"newton"`
# and `"gradient_descent"` (at its default learning rate) and for each an array of shape `(len(steps),)`.
#
# *The checks look at:* values, also for $t = 0$ and for steps in any order; that no error is negative beyond
# rounding (so find $\hat\theta_n$ well); on data that are not separable.

# %%
from solutions.newton_gd import optimization_errors

# %%
if shared.running_slow():
    n = 400
    X, y = generate_data(n, **LECTURE, rng=np.random.default_rng(5))
    steps = np.unique(np.geomspace(1, 1000, 45).astype(int))
    errors = optimization_errors(X, y, np.zeros(2), steps)
    lowest = risk(newton(X, y, np.zeros(2)), X, y)
    slide = np.array([risk(gradient_descent(X, y, np.zeros(2), 1.0, t), X, y) - lowest for t in steps])

    fig, ax = plt.subplots(figsize=(8, 4.4), layout="constrained")
    curves = {
        "Newton's method": (errors["newton"], "newton"),
        "gradient descent, factor 20": (errors["gradient_descent"], "gradient_descent"),
        "gradient descent, factor 1 (the slide)": (slide, "minus"),
    }
    for name, (curve, color) in curves.items():
        curve = np.maximum(curve, 1e-17)  # a logarithmic axis can't show 0
        ax.loglog(steps, curve, "o-", markersize=3.5, color=plotting.COLORS[color], label=name)
    ax.axhline(np.log(2) / n, color=plotting.COLORS["guide"], linestyle="--")
    ax.text(1000, 1.6 * np.log(2) / n, "typical estimation error", ha="right", color=plotting.COLORS["guide"])
    ax.set(xlabel="steps $t$", ylabel=r"$R_n(\theta^{(t)}) - R_n(\hat\theta_n)$")
    ax.set_title(f"The optimization error on one sample, $n = {n}$")
    fig.legend(loc="outside lower center", ncols=3)
    plt.show()

# %% [markdown]
# Newton's method falls off a cliff: the digits double with each step until `float64` has no more to give
# (drawn at $10^{-17}$). Gradient descent with the factor 20 needs about thirty steps to get below the
# estimation error, and then loses a digit every few steps. The slide's schedule seems to do well enough after
# 1000 steps. But near its minimum the risk is flat, so that a small excess of risk can be a long way in
# $\theta$, and this way has a direction: it stops short of $\hat\theta_n$ always on the same side. More data
# don't help; on the scale of the scatter plots the offset even grows.

# %%
if shared.running_slow():
    print("theta after 1000 steps of gradient descent, minus the minimiser: the mean over 12 samples")
    for n, rate in ((400, 20.0), (400, 1.0), (1600, 1.0), (6400, 1.0)):
        offsets = []
        for seed in range(12):
            X, y = generate_data(n, **LECTURE, rng=np.random.default_rng(seed))
            offsets.append(gradient_descent(X, y, np.zeros(2), rate) - newton(X, y, np.zeros(2)))
        offset = np.mean(offsets, axis=0) + 0.0
        scaled = np.sqrt(n) * offset
        print(f"  n = {n:4d}, rate {rate:2.0f}:  {offset.round(2)}, times sqrt(n): {scaled.round(1)}")

# %% [markdown]
# ### Estimation
#
# The excess risk $R(\hat\theta_n) - R(\theta^*)$ needs $R$, which we replace by the empirical risk on a fresh
# sample of size 100 000. Here the theory is sharp: $2n\,(R(\hat\theta_n) - R(\theta^*))$ tends to a $\chi^2$
# law with $d = 2$ degrees of freedom. So the excess risk has mean $d/(2n) = 1/n$ and median $\ln 2 / n$ in
# the limit. (Once more we take the median, and you know why.)

# %%
if shared.running_slow():
    X_fresh, y_fresh = generate_data(100_000, **LECTURE, rng=np.random.default_rng(6))
    smallest = risk(theta_star(**LECTURE), X_fresh, y_fresh)
    print("   n   median of R(theta_hat) - R(theta*)   ln 2 / n")
    for n, cloud in by_newton.items():
        excess = [risk(theta, X_fresh, y_fresh) - smallest for theta in cloud[:150]]
        print(f"{n:4d} {np.median(excess):37.5f} {np.log(2) / n:10.5f}")

# %% [markdown]
# ### Approximation
#
# In the lecture's world the logistic model is right and the approximation error is 0. Two ways to make it
# wrong: drop the intercept, or leave the model as it is and change the world. If
# $X \mid Y = 1 \sim N(1, 2^2)$ while $X \mid Y = -1 \sim N(-2, 1)$, then $x^2$ no longer cancels in Part 5,
# the true log-odds are a parabola, and a line can't follow it. Your functions take any $d$, so you can give
# them the column $x^2$.


# %%
def unequal_variances(n, rng):
    """A sample from the world with unequal variances: X (n, 3), columns 1, x and x squared, and y (n,)."""
    y = rng.choice([-1.0, 1.0], size=n)
    x = np.where(y > 0, rng.normal(1.0, 2.0, size=n), rng.normal(-2.0, 1.0, size=n))
    return np.column_stack([np.ones(n), x, x**2]), y


def smallest_risk(X, y):
    """The smallest empirical risk of the logistic model with these columns, by Newton's method."""
    return risk(newton(X, y, np.zeros(X.shape[1])), X, y)


if shared.running_slow():
    X_other, y_other = unequal_variances(100_000, np.random.default_rng(7))
    parabola = np.array([15 / 8 - np.log(2), 9 / 4, 3 / 8])  # the true log-odds, by Bayes' rule
    best_other = risk(parabola, X_other, y_other)
    errors = {
        "the lecture's world, slope only": smallest_risk(X_fresh[:, 1:], y_fresh) - smallest,
        "the lecture's world, intercept and slope": smallest_risk(X_fresh, y_fresh) - smallest,
        "unequal variances, intercept and slope": smallest_risk(X_other[:, :2], y_other) - best_other,
        "unequal variances, with the column x^2": smallest_risk(X_other, y_other) - best_other,
    }
    print("Approximation errors")
    for case, error in errors.items():
        print(f"  {case:42} {abs(error):.4f}")

# %% [markdown]
# ### All three at once
#
# Finally, let gradient descent run and watch the *total* error $R(\theta^{(t)}) - R^*$ (the median over 25
# samples) in both worlds, always with intercept and slope. At first it falls: that is optimization. Then it
# lies flat on a floor that no further step can lower. On the left the floor is the estimation error and more
# data lower it. On the right it is mostly the approximation error, and more data hardly help. (The zigzag on
# the right: in this world the largest eigenvalue is 0.33, and $\gamma_t \cdot 0.33 < 2$ only from $t = 115$
# on. Until then the steep direction is unstable, the reason why rates have to fall.)

# %%
if shared.running_slow():

    def equal_variances(n, rng):
        return generate_data(n, **LECTURE, rng=rng)

    worlds = (
        ("The model is right", equal_variances, X_fresh, y_fresh, smallest),
        ("The model is wrong", unequal_variances, X_other, y_other, best_other),
    )
    steps = np.unique(np.geomspace(1, 1000, 16).astype(int))
    fig, axes = plt.subplots(1, 2, figsize=(10.5, 4.2), sharey=True, layout="constrained")
    for ax, (title, draw, X_large, y_large, best) in zip(axes, worlds, strict=True):
        for n, name in ((100, "plus"), (800, "minus")):
            total = []
            for seed in range(25):
                X, y = draw(n, np.random.default_rng(100 + seed))
                path = [gradient_descent(X[:, :2], y, np.zeros(2), max_iter=t) for t in steps]
                total.append([risk(theta, X_large[:, :2], y_large) - best for theta in path])
            total = np.median(total, axis=0)
            ax.loglog(steps, total, "o-", markersize=3.5, color=plotting.COLORS[name], label=f"n = {n}")
        floor = smallest_risk(X_large[:, :2], y_large) - best
        if floor > 1e-4:
            ax.axhline(floor, color="black", linestyle="--", label="approximation error")
        ax.set(title=title, xlabel="steps $t$ of gradient descent")
        ax.legend()
    axes[0].set_ylabel(r"median of $R(\theta^{(t)}) - R^*$")
    plt.show()

# %% [markdown]
# ## Question 14 · Three errors (1 point, read by a person)
#
# Which of the three errors does each of these changes lower, and by roughly how much in your measurements:
# (a) ten times the data; (b) ten times the steps of gradient descent; (c) the column $x^2$, when the
# variances are unequal? And at $n = 100$ in the lecture's world: after how many steps of each method would
# you stop, and why then? Five to eight sentences.

# %%
from solutions.newton_gd import three_errors

# %% [markdown]
# That is all. What to take home: Newton's method is a few bold steps and needs a sensible start, gradient
# descent is many cheap ones and needs a sensible rate. Either is good enough as soon as its error is small
# beside that of the data. And when a mean looks strange, look at the single values before you believe it.
#
# To hand in: save, choose *Restart and run all* once, and submit this notebook alone.
