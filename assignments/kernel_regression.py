# %% [markdown]
# # The staircase: four kernel regressions, and how to choose among them
#
# A tank is filled by the bucket, four times during a day, ten litres each time. A cheap sensor writes down the level 50
# times, and each reading is off by about a litre. Once, it lost contact and wrote 0. Afterwards you would like to know
# what the level was, at every moment of the day.
#
# A smooth curve through the points is the first thing to try. But you know more than the curve does. Single readings
# may be nonsense. The level stays where it is most of the time, and jumps now and then. And nobody takes anything out,
# so it never falls. This is *side information*. In this notebook each piece of it turns into a small change of what is
# minimised:
#
# | | what it knows | what changes |
# |---|---|---|
# | **least squares** | the curve is smooth | (the baseline) |
# | **Huber** | a reading may be nonsense | another loss |
# | **total variation** | few jumps, else constant | one more penalty |
# | **monotone** | the level never falls | constraints |
#
# All four are convex problems. You state them, and `cvxpy` finds the minimum. Two or three numbers remain that no
# solver can give you: how wide the kernel is, and how strong the penalties. Those you choose by leave-one-out
# cross-validation, and you will see what that method can tell you and what it can't.
#
# **How it works.** You fill in the functions; under each question you can run its checks as often as you like. There
# are 8 points, as in the homework: 7.75 for code and choices, 0.25 for a short text. Some conventions hold throughout:
#
# * There are $n$ points. `x`, `y` and the coefficients `alpha` have the shape `(n,)`, a kernel matrix `K` has
#   `(n, n)`. Points come in increasing order of `x` wherever the order matters.
# * Write every function for any $n$, and for any kernel matrix and penalties that it is given.
# * The homework counts from 1, Python from 0: its point $i = 25$ is `y[24]`.
# * A function never changes its arguments. (Careful with `y[i] = ...`: it writes into the caller's array.)

# %%
from functools import cache

import cvxpy as cp
import matplotlib.pyplot as plt
import numpy as np
from scipy.optimize import brentq

import shared
from shared import cross_validation, duality, plotting, staircase

plotting.use_style()

# %% [markdown]
# Experiments that take more than a moment stand under `if shared.running_slow():`. That is true for you and false
# while your notebook is being graded, so the grader doesn't wait for your figures. Leave those lines as they are.
#
# ## Part 1 · Data, kernel, differences
#
# The true function is a staircase on $[0, 1]$,
#
# $$f(x) = 10 \sum_{k=1}^4 \mathbf{1}\{x \ge k/5\},$$
#
# which jumps by 10 at each of $0.2$, $0.4$, $0.6$ and $0.8$. It is observed at $n$ equally spaced points,
#
# $$x_i = \frac{i - 1}{n - 1}, \qquad y_i = \mathbf{1}\{i \neq 25\}\,\bigl(f(x_i) + \epsilon_i\bigr),
# \qquad \epsilon_i \sim N(0, 1) \text{ independent}, \qquad i = 1, \ldots, n.$$
#
# Point 25 is the outlier. Read the formula closely: there $y$ is exactly 0, with no noise either.
#
# ## Question 1 · The data (0.5 points)
#
# Define `make_data(rng, n=50)`, which returns the three arrays `x`, `y` and `f` (the staircase at the points), each
# of shape `(n,)`, for any $n \ge 25$. All noise comes from the generator `rng`.
#
# At the jumps themselves $f$ has already jumped ($\ge$, not $>$). With 50 points none falls on a jump, and with 51
# four of them do. There rounding can spoil it: `3 * 0.2` is a little more than 0.6, and `np.linspace(0, 1, 36)` has
# points that fall short of their jumps. One division of two whole numbers, $(i-1)/(n-1)$ or $k/5$, is rounded
# correctly, so that equal fractions give equal numbers.
#
# *The checks look at:* `x` and `f`, also where points fall on the jumps; the outlier and its place; the noise, its
# size and its mean; that an equal `rng` gives the same data.

# %%
from solutions.kernel_regression import make_data

# %% [markdown]
# From here on everybody works with the same draw, which lies beside this notebook. `staircase.load()` reads it.

# %%
x, y, f = staircase.load()
n = len(x)

if shared.running_slow():
    fig, ax = plt.subplots(figsize=(7.5, 4), layout="constrained")
    treads = np.arange(5) / 5
    ax.hlines(50 * treads, treads, treads + 0.2, linestyle="--", color="C3", label="true f")
    ax.plot(x, y, "o", markersize=4, color="C4", label="observations")
    ax.plot(x[24], y[24], "o", markersize=11, markerfacecolor="none", color="C1", label="the outlier, i = 25")
    ax.set(xlabel="x", ylabel="y", title="The staircase")
    ax.legend()
    plt.show()

# %% [markdown]
# Our functions will be sums of *bumps*, one at each point:
#
# $$\hat f(x) = \sum_{j=1}^n \hat\alpha_j\, k(x_j, x), \qquad k(x, z) = e^{-\gamma (x - z)^2}, \quad \gamma > 0.$$
#
# The number $\gamma$ says how narrow the bumps are: one has fallen to $1/e$ at the distance $1/\sqrt\gamma$. That is
# the whole interval for $\gamma = 1$, about one tread of the staircase for $\gamma = 30$, and half the distance of two
# neighbours for $\gamma = 10\,000$.
#
# ## Question 2 · The kernel matrix (0.5 points)
#
# Define `rbf_kernel(x, z, gamma)`, the matrix of $k(x_i, z_j)$, shape `(n, m)` for `x` of shape `(n,)` and `z` of
# shape `(m,)`.
#
# Two loops work, and take a hundred times as long as broadcasting: subtract a row from a column. You will need
# matrices that aren't square, too.
#
# *The checks look at:* values, shape and orientation, with one point as well; $\gamma$ from tiny to huge; that your
# arguments stay as they were.

# %%
from solutions.kernel_regression import rbf_kernel

# %% [markdown]
# Later, two of the fits need to know by how much the values of a function rise from each point to the next. The steps
# of $z \in \mathbb{R}^n$ are $Dz = (z_2 - z_1,\; z_3 - z_2,\; \ldots,\; z_n - z_{n-1})$: a vector with *one entry
# less*. So $D$ has $n - 1$ rows and $n$ columns,
#
# $$D_{i,j} = \begin{cases} -1 & \text{if } i = j \\ 1 & \text{if } i = j - 1 \\ 0 & \text{otherwise.} \end{cases}$$
#
# ## Question 3 · The difference matrix (0.5 points)
#
# Define `difference_matrix(n)`, the matrix $D$ for $n \ge 2$ points.
#
# Before you go on, multiply yours with something whose steps you know, such as $(1, 4, 9, 16)$. The two classical slips
# are the transposed matrix, and the wrong sign with the right shape.
#
# *The checks look at:* every entry, for several $n$ from 2 up.

# %%
from solutions.kernel_regression import difference_matrix

# %% [markdown]
# ## Part 2 · Stating a problem instead of solving it
#
# With `cvxpy` you write down *what* is to be minimised, from building blocks whose curvature it knows. If the whole is
# convex by its rules, it hands it to a solver. Here is an example that has nothing to do with kernels. A line is to
# pass through five points, close to them in absolute value (one of the points is off). There is a small penalty on its
# slope, and the slope may be 2 at most.

# %%
toy_t = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
toy_z = np.array([0.1, 1.2, 1.9, 9.0, 4.1])

slope, intercept = cp.Variable(), cp.Variable()  # what is sought: numbers here; cp.Variable(7) is a vector
weight = cp.Parameter(nonneg=True)  # a number that is filled in later
distance = cp.norm1(toy_z - (intercept + slope * toy_t))  # an expression, not a number
toy = cp.Problem(cp.Minimize(distance + weight * cp.square(slope)), [slope <= 2])

for weight.value in (0.01, 4.0):
    toy.solve()
    print(f"{toy.status}: objective {toy.value:.3f}, slope {slope.value:.2f}, intercept {intercept.value:.2f}")

# %% [markdown]
# This is all there is to it: variables, an expression, a list of constraints, `solve()`, and the answer in `.value`.
# Helpful blocks are `cp.sum_squares`, `cp.norm1`, `cp.huber`, `cp.sum`, `cp.diff`, and `@` for the product of a matrix
# and a vector. Some traps that cost people hours:
#
# * **Shapes.** If `y` has the shape `(n, 1)` and `K @ a` has `(n,)`, their difference is a matrix, $n$ by $n$, just as
#   in numpy, and without a word. Least squares then pulls each fitted value towards *all* observations, and you get
#   the flat line at the mean of `y` (19.5 here). If your fit is a flat line, print `.shape`.
# * **Products.** `K * a` is entry by entry in numpy. For a variable `a` cvxpy takes it for the matrix product, as it
#   was long ago, and warns. Write `K @ a`, and `cp.multiply` if you want it entry by entry.
# * **numpy's functions don't know expressions.** `np.sum(K @ a)` stops with a `TypeError`; use `cp.sum`. And ask
#   yourself whether you want that sum at all: $\sum_i \ell(y_i - (K\alpha)_i)$ adds up the losses, not the
#   predictions.
# * **Old code.** `sum_entries`, `mul_elemwise`, `Variable(n, 1)` and `Parameter(sign="positive")` are from before
#   cvxpy 1.0. Today: `cp.sum`, `cp.multiply`, `Variable(n)`, `Parameter(nonneg=True)`.
#
# ## A kernel matrix is nearly singular
#
# The penalty of all four fits is $\lambda\, \alpha^\top K \alpha$, and `cp.quad_form(a, K)` is how one would write it.
# A quadratic form is convex if no eigenvalue of its matrix is negative, and cvxpy insists on checking. Look what
# happens:

# %%
if shared.running_slow():
    for gamma in (1.0, 10.0, 31.6, 100.0, 300.0):
        K = rbf_kernel(x, x, gamma)
        eigenvalues = np.linalg.eigvalsh(K)
        try:
            convex = cp.Problem(cp.Minimize(cp.quad_form(cp.Variable(n), K))).is_dcp()
        except Exception:  # from ARPACK, which computes the smallest eigenvalue
            convex = False
        above = np.sum(eigenvalues > 1e-12 * eigenvalues[-1])
        print(f"gamma {gamma:5g}: the largest eigenvalue is {eigenvalues[-1]:4.1f},", end=" ")
        print(f"{above:2d} of {n} are above 1e-12 times that; cvxpy takes it for convex: {convex}")

# %% [markdown]
# Mathematically $K$ is positive definite whenever the points differ. In `float64` it is nearly singular: with wide
# bumps neighbouring columns are nearly equal, and in the first three lines more than half of the eigenvalues are
# rounding errors like $\pm 10^{-15}$. Either cvxpy sees a negative one and says that the problem isn't convex, so that
# `solve()` stops with a `DCPError`. Or the method that computes the smallest eigenvalue gives up
# (`ArpackNoConvergence`); so it goes for larger $\gamma$. There are three remedies:
#
# 1. `cp.quad_form(a, cp.psd_wrap(K))`: "take my word that this matrix is positive semidefinite";
# 2. `cp.quad_form(a, K, assume_PSD=True)`: the same;
# 3. **a factor.** Find $L$ with $K = L L^\top$. Then $\alpha^\top K \alpha = |L^\top\alpha|^2$ is a sum of squares,
#    which nobody has to check. And you can go one step further and make $\beta = L^\top \alpha$ the variable, so that
#    $\alpha$ disappears:
#
# $$K \alpha = L \beta, \qquad \alpha^\top K \alpha = |\beta|^2.$$
#
# The first two silence the check. The third also mends the problem itself, since it doesn't ask the solver for numbers
# like $\alpha$, which can be huge and undetermined. We tried both ways on these data: the four regressions, five
# $\gamma$ from 3 to 464, the penalties $\lambda = 10^{-5}$, $10^{-3}$ and $0.1$, the solvers CLARABEL, OSQP and SCS,
# 180 runs in all. With $\beta$, every fitted value was right to 0.003. With $\alpha$ and `psd_wrap` that was so for
# $\lambda = 0.1$. For $10^{-3}$ the errors went up to 0.02, and OSQP called two of the problems `unbounded`, although
# their objectives can't even fall below 0. For $10^{-5}$ two thirds of the runs were off by more than 0.02, up to 0.3,
# and on 27 of those the status was `optimal`. So remedies 1 and 2 will do unless you want small penalties.
#
# How to find $L$? `np.linalg.cholesky(K)` refuses, for the same reason as above. The eigendecomposition
# `d, U = np.linalg.eigh(K)` always works: $K = U \operatorname{diag}(d)\, U^\top$. Replace what is mere rounding in $d$
# by 0 and take roots. On the way back from $\beta$ to $\alpha$ you divide by these roots. Leave out those that are 0.
#
# ## Part 3 · Least squares
#
# The baseline is
#
# $$\hat\alpha = \arg\min_\alpha\; \sum_{i=1}^n \Bigl(y_i - \sum_{j=1}^n K_{i,j}\,\alpha_j\Bigr)^2
# + \lambda\, \alpha^\top K \alpha.$$
#
# ## Question 4 · Least squares (0.5 points)
#
# Define `fit_least_squares(K, y, lam)`, which returns $\hat\alpha$, shape `(n,)`. With cvxpy, please, although this one
# has a formula; the next three don't. (The checks don't mind how you find it.)
#
# Return numbers: `.value`, not the variable. (It is `None` where the solver found nothing; `status` then says why.)
#
# *The checks look at:* the fitted values $K\hat\alpha$, never $\hat\alpha$ itself; how far your objective is from a
# bound below it; singular $K$; that your arguments stay as they were. They are patient with solvers: a fitted value
# may be off by 0.02.

# %%
from solutions.kernel_regression import fit_least_squares

# %% [markdown]
# Why don't we compare $\alpha$? Because there is no such thing as *the* $\hat\alpha$. Add to it something huge in a
# direction that $K$ doesn't see:

# %%
if shared.running_slow():
    K = rbf_kernel(x, x, 10.0)
    alpha = np.ravel(fit_least_squares(K, y, 0.01))
    unseen = np.linalg.eigh(K)[1][:, 0]  # the eigenvector of the smallest eigenvalue, with length 1
    other = alpha + 1000 * unseen
    print(f"alpha changes by up to {np.abs(other - alpha).max():.0f},", end=" ")
    print(f"the fitted values by less than {10.0 ** np.ceil(np.log10(np.abs(K @ (other - alpha)).max())):.0e}")

# %% [markdown]
# The homework says that all methods "converge to the same function value". For the value that is exact. The
# coefficients may differ wildly, and $\hat f$ is the same nonetheless.
#
# ## How good is an answer?
#
# A solver reports a *status*, and `optimal` sounds final. It says that the solver's own stopping rule was met, no more.
# The toy again, with a generous rule:

# %%
weight.value = 0.01
for tolerance in (1.0, 0.1, 0.01, 1e-6):
    toy.solve(solver=cp.OSQP, eps_abs=tolerance, eps_rel=tolerance)
    print(f"tolerance {tolerance:5g}: {toy.status}, objective {toy.value:.4f}")

# %% [markdown]
# All four are called optimal, and only the last is. What you want is a *certificate*, and convex problems have one. To
# each belongs a second problem, its *dual*: any allowed point of it gives a number that the objective can't go below.
# So compute the objective at your answer, whoever found it, and a lower bound. The minimum lies between. If the gap
# is small, your answer is good, and that is a proof.
#
# `shared/duality.py` does this for our four fits: `duality.objective(fit, alpha, K, y, ...)` and
# `duality.lower_bound(fit, alpha, K, y, ...)`, with `fit` one of `"least_squares"`, `"huber"`, `"total_variation"`,
# `"monotone"`, and the penalties at the end. The gap even bounds the error of the fitted values. A loss of squares
# rises from its minimum at least as $|K\alpha - K\hat\alpha|^2$ does, so with a gap of $g$ no fitted value is off by
# more than $\sqrt g$. (Huber's loss has straight parts. There it is $\sqrt{g/\lambda}$. And a monotone answer has to
# obey its constraints, of course.)

# %%
if shared.running_slow():
    for gamma, lam in ((31.6, 1.0), (190.0, 0.006), (1.0, 0.1), (79.0, 1e-4), (3.0, 1e-5)):
        K = rbf_kernel(x, x, gamma)
        alpha = np.ravel(fit_least_squares(K, y, lam))
        value = duality.objective("least_squares", alpha, K, y, lam)
        gap = value - duality.lower_bound("least_squares", alpha, K, y, lam)
        off = max(np.sqrt(max(gap, 0.0)), 1e-4)
        print(f"gamma {gamma:5g}, lam {lam:6g}: objective {value:9.3f}; no fitted value is off by more than {off:.1g}")

# %% [markdown]
# If one of your bounds is above 0.02, try another solver (`problem.solve(solver=cp.CLARABEL)`, or `cp.OSQP`, or
# `cp.SCS`), or remedy 3.
#
# ## Question 5 · The fitted function (0.25 points)
#
# Define `predict(alpha, x_train, x, gamma)`: $\hat f$ at the points `x`, shape `(m,)`. Here `x_train` are the $n$
# points that `alpha` was fitted on, and `x` any $m$ others.
#
# *The checks look at:* values, for $m$ unlike $n$, for $m = 1$, and for points in any order; that your arguments stay
# as they were.

# %%
from solutions.kernel_regression import predict

# %% [markdown]
# Now you can look at $\hat f$ for various $\gamma$ and $\lambda$.

# %%
if shared.running_slow():
    fine = np.linspace(0, 1, 501)
    fig, axes = plt.subplots(3, 3, figsize=(10, 7), sharex=True, sharey=True, layout="constrained")
    for row, gamma in zip(axes, (1.0, 30.0, 1000.0), strict=True):
        for ax, lam in zip(row, (1e-4, 0.03, 10.0), strict=True):
            alpha = fit_least_squares(rbf_kernel(x, x, gamma), y, lam)
            ax.plot(x, y, "o", markersize=2.5, color="C4")
            ax.plot(fine, np.ravel(predict(alpha, x, fine, gamma)), color="C0", linewidth=1.4)
            ax.set_title(f"$\\gamma$ = {gamma:g}, $\\lambda$ = {lam:g}", fontsize=10)
    axes[0, 0].set_ylim(-6, 48)
    fig.supxlabel("x")
    fig.supylabel("y")
    plt.show()

# %% [markdown]
# From top to bottom the bumps get narrower. With $\gamma = 1$ the curve can't follow the steps, whatever $\lambda$ is.
# With $\gamma = 1000$ and no penalty worth the name it follows everything, the noise and the outlier too. From left to
# right the penalty grows, and pulls towards 0. Somewhere in the middle lies what we want. But where?
#
# ## Part 4 · Leave-one-out
#
# Cross-validation asks how well the rest of the data predict a point that was not used. Leave-one-out does so
# for every point in turn. The homework names it without saying what it does exactly. For least squares and Huber all
# sensible readings agree. For the other two fits they don't, as you will see in Part 7, so here is the definition. For
# each $i = 1, \ldots, n$:
#
# 1. **Delete** point $i$, as if it had never been observed. What is left are $n - 1$ points, `x` and `y` without entry
#    $i$. Their kernel matrix has the shape `(n - 1, n - 1)`, there are $n - 1$ coefficients, and the penalty is made of
#    these. The difference matrix is that of $n - 1$ points: **the two neighbours of the deleted point are now
#    neighbours of each other.** (To keep the point with weight zero is something else.)
# 2. **Fit** $\alpha$ to them, with the same $\gamma$ and the same penalties.
# 3. **Predict** at $x_i$: the kernel between $x_i$ and the $n - 1$ others, times $\alpha$.
# 4. **The error** of point $i$ is the square of $y_i$ minus that prediction.
#
# All $n$ points take part, the first, the last and the outlier as well. The *leave-one-out error* of a choice of
# $\gamma$ and penalties is the mean of the $n$ errors. (In the end, $\hat f$ itself is fitted to all $n$ points.)
#
# ## Question 6 · Leave-one-out errors (1 point)
#
# Define `leave_one_out(fit, x, y, gamma, *lams)`, which returns the $n$ errors, shape `(n,)`, error $i$ in entry $i$.
#
# `fit` is any function that is called as `fit(K, y, *lams)` and returns coefficients: `fit_least_squares` with one
# penalty, later `fit_total_variation` with two, or one of ours. With `*lams` in the signature, `lams` is a tuple of all
# further arguments.
#
# *The checks look at:* each of the errors, with your own `fit_least_squares` and with fits of ours, also for points in
# any order; what `fit` is called with; that your arguments stay as they were.

# %%
from solutions.kernel_regression import leave_one_out

# %% [markdown]
# ## What it costs
#
# A grid of 10 values of $\gamma$ and 10 of $\lambda$ makes 100 choices, and each takes 50 fits: 5000 problems. If you
# build a new `cp.Problem` for each, cvxpy translates it anew each time into the form that solvers like, and this takes
# longer than to solve it. In our measurements a fit with 50 points took 10 to 15 ms that way.
#
# The cure is a `cp.Parameter`: a number, a vector or a matrix whose value comes later. Build the problem once for each
# size, keep it, set the values, and solve again. Here is the toy in that form. `cache`, from Python's `functools`,
# remembers what a function returned, and returns the same when it is called with the same arguments.


# %%
@cache
def line_problem(points):
    """The toy for so many points, its positions t and heights z still open. Built once for each number of points."""
    line, t, z = cp.Variable(2), cp.Parameter(points), cp.Parameter(points)
    return cp.Problem(cp.Minimize(cp.norm1(z - line[0] - line[1] * t))), line, t, z


for heights in (toy_z, toy_z + 1, 2 * toy_z):
    problem, line, t, z = line_problem(len(heights))  # the same problem each time
    t.value, z.value = toy_t, heights
    problem.solve()
    print(line.value.round(2))

# %% [markdown]
# With this our fits took 3 to 4 ms, and a surface of 100 choices about 20 s instead of a minute. There is one
# catch. cvxpy can skip the translation only if each parameter enters in the simplest way (the rule is called DPP). A
# parameter times a variable is fine. A product of two parameters isn't, nor is `quad_form` with a parameter as its
# matrix, nor $\lambda\,|L^\top\alpha|^2$ with both $\lambda$ and $L$ open. It then works all the same, slowly.
# `problem.is_dcp(dpp=True)` says where you stand. With $\beta$ from remedy 3 as the variable, $L\beta$ and
# $\lambda |\beta|^2$ both obey. None of this is required: your points don't depend on speed, your patience may.
#
# ## Choosing
#
# `cross_validation.surface` calls your two functions for all points of a grid, and shows a progress bar while it does.
# We don't know in advance whether $\lambda$ should be 0.001 or 10. Whoever steps evenly from 0 to 1 has nearly all
# values in one order of magnitude. So step evenly in the *exponent* (`np.geomspace`), and draw both axes on a log
# scale.
#
# Should your fit fail somewhere, the surface has a hole there, and you are told how many there are. With remedies 1
# and 2 this happens to Huber with small penalties: OSQP says `unbounded`, `.value` is `None`, and the next product
# with it raises a `ValueError`. Take `solver=cp.CLARABEL` or, better, remedy 3.

# %%
if shared.running_slow():
    gammas, lams = np.geomspace(1, 1000, 10), np.geomspace(1e-4, 10, 10)
    errors = cross_validation.surface(leave_one_out, fit_least_squares, x, y, gammas, lams)
    cross_validation.plot_surface(errors, gammas, lams)
    plt.title("Least squares")
    plt.show()
    print(f"least error {np.nanmin(errors):.2f}, at", cross_validation.best(errors, gammas, lams))

# %% [markdown]
# How to read such a picture:
#
# * The **star** is the best point of the grid. Between its points there may be slightly better ones. Look at the
#   neighbourhood rather than at the third digit. A broad valley means that the choice hardly matters; a narrow ravine
#   means that a finer grid is worth while.
# * If the star lies **on the edge**, you haven't found a minimum. You have found the end of your grid.
#   `cross_validation.best` tells you, and then you move the grid.
# * **What is the number made of?** Here the best mean is about 15.5, while the noise has the variance 1. The next cell
#   shows where it comes from.

# %%
if shared.running_slow():
    starred = cross_validation.best(errors, gammas, lams)
    each = np.ravel(leave_one_out(fit_least_squares, x, y, *starred.values()))
    before = np.flatnonzero(np.diff(f))  # the points just before a step
    beside = np.union1d(before, before + 1)
    fig, ax = plt.subplots(figsize=(8, 3.6), layout="constrained")
    ax.bar(np.arange(1, n + 1), each, color="C4", label="other points")
    ax.bar(beside + 1, each[beside], color="C0", label="beside a step")
    ax.bar(25, each[24], color="C1", label="the outlier")
    ax.set(xlabel="the point left out, i", ylabel="squared error", title="Where the leave-one-out error comes from")
    ax.grid(visible=False, axis="x")
    ax.legend()
    plt.show()
    print(f"the outlier: {each[24] / each.sum():.0%} of the sum; the {len(beside)} points beside a step:", end=" ")
    print(f"{each[beside].sum() / each.sum():.0%}; all others: {1 - each[[*beside, 24]].sum() / each.sum():.0%}")

# %% [markdown]
# Half of the error is a single point. Nobody could predict from its neighbours that the sensor would write 0. A
# perfect $\hat f$ would be 20 there, its error 400, and its share of the mean $400/50 = 8$. In other words, about half
# of what we compare is the same for every sensible choice. That has two consequences:
#
# * **Ratios look better than they are.** A choice whose error is 8 % above the least is 16 % above it in what can be
#   influenced at all. That is why the bars below are strict. With $\gamma = 1$, where the curve can't even see the
#   steps, the best error is only about 20 % above the least.
# * **The outlier votes, and for the wrong side.** It rewards whoever predicts *less* than 20 there. Robust losses help
#   the fit. The mean of squares, which judges it, isn't robust. A median of the errors would be, but it would ignore
#   the eight points beside the steps as well, which are what this is about. No summary is innocent; know what yours is
#   made of.
#
# ## Question 7 · Your choice for least squares (0.5 points)
#
# Define `chosen_least_squares = {"gamma": ..., "lam": ...}` with two numbers, typed in as constants. (Don't compute
# them here: the grader skips slow cells.) Take the star, a rounded star, or what a finer grid around it suggests.
#
# How choices are graded, openly: we computed the leave-one-out error, as defined above, on a fine grid that reaches
# from $\gamma = 1$ to 1000 and from $\lambda = 10^{-5}$ to 10. The error of *your* choice, computed with our fit and
# not with yours, is compared with the least of these. Within 8 % earns all the points, within 15 % part of them. For
# the three other fits, whose surfaces are more rugged, it is 10 % and 25 %. Any grid on log scales that has
# the least in its inside and three values or more for each power of ten gets there.
#
# *The checks look at:* the keys, and that the values are positive numbers; how good the choice is you will see when
# your work has been graded.

# %%
from solutions.kernel_regression import chosen_least_squares

# %% [markdown]
# ## Question 8 · The least-squares fit (0.25 points)
#
# Define `plot_least_squares()`, which returns a figure with three things: the observations as points, the true $f$,
# and $\hat f$ at your choice, fitted to all 50 points. Take the data from `staircase.load()`. Draw $\hat f$ as a line
# on a fine grid from 0 to 1 (some hundred points), so that one sees what it does *between* the observations. Label
# both axes, and add a legend that tells the three apart.
#
# You will need the same figure four times, so write a helper for it.
#
# *The checks look at:* the 50 observations, the true $f$, and a curve of 100 points or more; labels and legend; whether
# the curve is the fit at your choice.

# %%
from solutions.kernel_regression import plot_least_squares

# %%
if shared.running_slow():
    plot_least_squares()
    plt.show()

# %% [markdown]
# The curve is smooth, and so it has to choose: where it is steep enough for the steps, it is nervous enough for
# overshooting. And near $x = 0.49$ it is pulled down by several units, together with the neighbours of the
# outlier, which did nothing wrong. One reading of 50 does that, because a residual of 20 counts as much as 400
# residuals of 1.
#
# ## Part 5 · The Huber loss
#
# What if large residuals counted less? The Huber loss is quadratic near 0 and linear beyond,
#
# $$\ell_{\text{huber}}(z) = \begin{cases} z^2 & \text{if } |z| \le 1 \\ 2|z| - 1 & \text{otherwise.} \end{cases}$$
#
# The two parts meet at $|z| = 1$ with the same value and the same slope, 2. From there on the pull of a point doesn't
# grow any more: an outlier pulls as hard as any point that is one standard deviation off, and no harder.
#
# **A slip in the homework.** In its formula the inner sum runs over $i$ as well as the outer one. It has to be $j$:
#
# $$\hat\alpha = \arg\min_\alpha\; \sum_{i=1}^n \ell_{\text{huber}}\Bigl(y_i - \sum_{j=1}^n K_{i,j}\,\alpha_j\Bigr)
# + \lambda\, \alpha^\top K \alpha.$$
#
# ## Question 9 · The Huber loss (0.5 points)
#
# Define `fit_huber(K, y, lam)`, which returns $\hat\alpha$, shape `(n,)`.
#
# *The checks look at:* the same as for least squares.

# %%
from solutions.kernel_regression import fit_huber

# %%
if shared.running_slow():
    gammas, lams = np.geomspace(1, 1000, 10), np.geomspace(1e-4, 10, 10)
    errors = cross_validation.surface(leave_one_out, fit_huber, x, y, gammas, lams)
    cross_validation.plot_surface(errors, gammas, lams)
    plt.title("Huber loss")
    plt.show()
    print(f"least error {np.nanmin(errors):.2f}, at", cross_validation.best(errors, gammas, lams))

# %% [markdown]
# The valley lies aslant: wider bumps go with smaller penalties. It doesn't end where our grid ends. Let $\lambda$
# begin at $10^{-5}$, and the star jumps to the new edge, where the error is 13.75 instead of 13.83.
# Whenever a star moves to an edge, look beyond, and look at what you gain. Along this valley, from $\lambda = 10^{-3}$
# down to $10^{-7}$, we found nothing but values between 13.4 and 13.9. So it makes little difference where in the
# valley you settle. Just don't leave it: on our grid, $\gamma = 10$ costs a third and more.
#
# ## Question 10 · Your choice for the Huber loss (0.5 points)
#
# Define `chosen_huber = {"gamma": ..., "lam": ...}`.
#
# *The checks look at:* the same as for your first choice.

# %%
from solutions.kernel_regression import chosen_huber

# %% [markdown]
# ## Question 11 · The Huber fit (0.25 points)
#
# Define `plot_huber()`, the same figure for `fit_huber` and your choice.
#
# *The checks look at:* the same as before.

# %%
from solutions.kernel_regression import plot_huber

# %%
if shared.running_slow():
    plot_huber()
    plt.show()

# %% [markdown]
# The hole is gone; the curve passes the outlier as if it weren't there. What is left are the ripples on the treads.
# They are the price of steep steps with one kind of bump for everything, and no loss can cure them. For that we
# have to say that we *like flat treads*.
#
# ## Part 6 · Total variation
#
# The *total variation* of the values $g_1, \ldots, g_n$ is how much they go up and down altogether,
#
# $$\sum_{i=2}^n |g_i - g_{i-1}| = \|Dg\|_1.$$
#
# **A slip in the homework.** Our copy writes it as an integral, $\int_{i=1}^{n-1} |g_i - g_{i-1}|$. It is a sum, and
# it has to start at $i = 2$ and end at $n$: there is no $g_0$, and the last step would be missing. The expression with
# the matrix is right, and so is your $D$. (The same $g_0$ comes up in its definition of non-decreasing: "for all $i$"
# means for $i = 2, \ldots, n$.)
#
# As a penalty it works like the Lasso, but on steps instead of coefficients: many of them become exactly 0, and the
# function has flat pieces with few jumps between. A climb from 0 to 40 costs the same in one jump or in fifty small
# steps, so steep steps are not held against it, while ripples are:
#
# $$\hat\alpha = \arg\min_\alpha\; |K\alpha - y|^2 + \lambda_1 \|D K \alpha\|_1 + \lambda_2\, \alpha^\top K \alpha.$$
#
# ## Question 12 · Total variation (0.5 points)
#
# Define `fit_total_variation(K, y, lam1, lam2)`, which returns $\hat\alpha$, shape `(n,)`.
#
# Mind what $D$ applies to: the fitted values $K\alpha$, not the coefficients. And take $n$ from `y`, not from the
# notebook. In leave-one-out it is 49.
#
# *The checks look at:* the same as for least squares; which penalty is which.

# %%
from solutions.kernel_regression import fit_total_variation

# %% [markdown]
# Three numbers to choose now. With ten values each it would be 50 000 fits, so we begin with six: 10 800 fits, which
# take a minute, or some more if your problem isn't built just once. To draw the result, take the least error over the
# axis that isn't shown.

# %%
if shared.running_slow():
    gammas, lams1, lams2 = np.geomspace(5, 500, 6), np.geomspace(0.1, 30, 6), np.geomspace(1e-5, 1, 6)
    errors = cross_validation.surface(leave_one_out, fit_total_variation, x, y, gammas, lams1, lams2)
    fig, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4), sharey=True, layout="constrained")
    cross_validation.plot_surface(np.nanmin(errors, axis=2), gammas, lams1, ax=left, labels=("gamma", "lam1"))
    left.set_title("The best over lam2")
    cross_validation.plot_surface(np.nanmin(errors, axis=1), gammas, lams2, ax=right, labels=("", "lam2"))
    right.set_title("The best over lam1")
    plt.show()
    print(f"least error {np.nanmin(errors):.2f}, at", cross_validation.best(errors, gammas, lams1, lams2))

# %% [markdown]
# The left picture says that $\lambda_1$ up to about 3 makes hardly any difference, and that 10 is better. But with six
# values for each, neighbours differ by factors of 2.5 to 10, and a ravine can hide between them: with both penalties
# as they are at the star, a change of $\gamma$ by a quarter can cost 14 %. So do a second, finer search around the
# star. If you let only $\gamma$ vary, twelve choices cost a few seconds.
#
# ## Question 13 · Your choice for total variation (0.5 points)
#
# Define `chosen_total_variation = {"gamma": ..., "lam1": ..., "lam2": ...}`.
#
# *The checks look at:* the same as for your first choice.

# %%
from solutions.kernel_regression import chosen_total_variation

# %% [markdown]
# ## Question 14 · The total-variation fit (0.25 points)
#
# Define `plot_total_variation()`, the same figure for `fit_total_variation` and your choice.
#
# *The checks look at:* the same as before.

# %%
from solutions.kernel_regression import plot_total_variation

# %%
if shared.running_slow():
    plot_total_variation()
    plt.show()

# %% [markdown]
# The treads are flatter, most ripples have gone, and the outlier is back. The loss is of squares again, and what the
# new penalty asks for is a flat tread *somewhere*: the third one gives way as a whole, and sinks from 20 to 16.
#
# ## Part 7 · Monotone
#
# Nobody takes water out of the tank, so we *forbid* that the fit falls:
#
# $$\hat\alpha = \arg\min_\alpha\; |K\alpha - y|^2 + \lambda\, \alpha^\top K \alpha
# \qquad \text{subject to} \qquad D K \alpha \ge 0,$$
#
# where the inequality is meant for each of the $n - 1$ entries. This is a *quadratic program*: minimise $\tfrac12
# a^\top Q a + p^\top a + c$ subject to $A a \le b$. (The homework calls its variable $x$ there, which is the position
# of the points everywhere else.) Multiply the squares out and you have $Q$, $p$ and $c$; and $A = -DK$, with $b = 0$.
# You needn't do this by hand. In cvxpy the constraint is one more item in a list.
#
# ## Question 15 · The monotone fit (0.5 points)
#
# Define `fit_monotone(K, y, lam)`, which returns $\hat\alpha$, shape `(n,)`.
#
# *The checks look at:* the same as for least squares; and that no step of $K\hat\alpha$ is below $-0.001$.

# %%
from solutions.kernel_regression import fit_monotone

# %%
if shared.running_slow():
    gammas, lams = np.geomspace(1, 1000, 10), np.geomspace(1e-4, 10, 10)
    errors = cross_validation.surface(leave_one_out, fit_monotone, x, y, gammas, lams)
    cross_validation.plot_surface(errors, gammas, lams)
    plt.title("Monotone")
    plt.show()
    print(f"least error {np.nanmin(errors):.2f}, at", cross_validation.best(errors, gammas, lams))

# %% [markdown]
# The star has moved up. Narrow bumps, $\gamma \approx 200$ instead of 46, were too dangerous for least squares: they
# overshoot at each step. Here overshooting is forbidden, since what goes up can't come down again. So the curve may be
# steep without being nervous.
#
# ## Question 16 · Your choice for the monotone fit (0.5 points)
#
# Define `chosen_monotone = {"gamma": ..., "lam": ...}`.
#
# *The checks look at:* the same as for your first choice.

# %%
from solutions.kernel_regression import chosen_monotone

# %% [markdown]
# ## Question 17 · The monotone fit as a picture (0.25 points)
#
# Define `plot_monotone()`, the same figure for `fit_monotone` and your choice.
#
# *The checks look at:* the same as before.

# %%
from solutions.kernel_regression import plot_monotone

# %%
if shared.running_slow():
    plot_monotone()
    plt.show()

# %% [markdown]
# The steepest steps of all, and flat treads. The outlier still does harm, but in a way of its own. A curve that never
# falls can't dip to it and come back. It has to find one level for the outlier and the readings before it. On the third
# tread these are 20.0, 19.6, 20.3, 20.3 and 0; their mean is 16.0, and that is where the curve lies. After the outlier
# it recovers at once.
#
# ## The four beside each other
#
# We invented the data, so for once we can look at the truth. The next cell compares each of your fits with $f$ at the
# 50 points, and with its leave-one-out error, which knows nothing of $f$.

# %%
if shared.running_slow():
    CHOICES = {
        "least squares": (fit_least_squares, chosen_least_squares),
        "Huber": (fit_huber, chosen_huber),
        "total variation": (fit_total_variation, chosen_total_variation),
        "monotone": (fit_monotone, chosen_monotone),
    }
    fine = np.linspace(0, 1, 1001)
    near = (fine > 0.36) & (fine < 0.64)
    before = np.flatnonzero(np.diff(f))
    beside = np.isin(np.arange(n), [before, before + 1])
    tread = (f == 20) & ~beside
    groups = {"beside a step": beside, "on the outlier's tread": tread, "elsewhere": ~(beside | tread)}
    fig, (left, right) = plt.subplots(1, 2, figsize=(11, 4.2), layout="constrained")
    print(f"{'':17}error of the fitted values against f       leave-one-out error")
    print(f"{'':17}root mean square    at the outlier         all     without the outlier")
    for row, (name, (fit, chosen)) in enumerate(CHOICES.items()):
        gamma, *lams = (chosen[key] for key in sorted(chosen))  # gamma comes first, then the penalties
        alpha = np.ravel(fit(rbf_kernel(x, x, gamma), y, *lams))
        off = rbf_kernel(x, x, gamma) @ alpha - f
        each = np.ravel(leave_one_out(fit, x, y, gamma, *lams))
        left.plot(fine[near], rbf_kernel(fine[near], x, gamma) @ alpha, color=f"C{row}", label=name)
        start = 0.0
        for color, members in zip(("C0", "C1", "C4"), groups.values(), strict=True):
            share = np.sum(off[members] ** 2) / n
            right.barh(row, share, left=start, color=color)
            start += share
        print(f"{name:17}{np.sqrt(np.mean(off**2)):10.2f}{off[24]:18.1f}", end="")
        print(f"{each.mean():18.2f}{np.delete(each, 24).mean():14.2f}")
    left.hlines(50 * treads, treads, treads + 0.2, linestyle="--", color="black", linewidth=1.2, label="true f")
    left.plot(x, y, "o", color="C4", markersize=4, markerfacecolor="none", label="observations")
    left.set(xlim=(0.36, 0.64), ylim=(8, 32), xlabel="x", title="The third tread")
    left.legend(loc="upper left", fontsize=9)
    right.set_yticks(range(4), list(CHOICES))
    right.invert_yaxis()
    right.grid(visible=False, axis="y")
    right.set(xlabel=r"mean of $(\hat f - f)^2$", xlim=(0, 1.4 * right.get_xlim()[1]))
    right.set_title("Where the fits differ from the truth")
    right.legend([right.patches[k] for k in range(3)], list(groups), loc="lower right", frameon=True)
    plt.show()

# %% [markdown]
# With our choices the order is the same in both columns: Huber is best, then monotone, total variation and
# least squares. Nothing guarantees that. But it is reassuring that a number which can be computed from the data alone
# agrees with one that can't.
#
# Beside the steps all four err, since a sum of smooth bumps can't jump. On the outlier's tread only Huber does well.
# Elsewhere the two that know something about the *shape* have the flatter treads. That asks for a combination, and
# with cvxpy it costs one line. We tried Huber's loss with the monotone constraint: with $\gamma = 200$ and $\lambda$
# from $10^{-4}$ to $10^{-2}$ the root mean square error is 1.3 to 1.5, less than that of any of the four. Side
# information adds up.
#
# ## How much the definition matters
#
# We said that leave-one-out deletes the point, and that weight zero is something else. How else? With weight zero the
# point still has its coefficient, and its place in $D$. For least squares and Huber that changes nothing: a point
# without a loss gets the coefficient 0. In the other two fits it still has a say, since its fitted value must lie
# between those of its neighbours, or counts in the total variation.
#
# There is a neat way to get the weight-zero prediction out of an ordinary fit: it is the height $y_i$ at which the
# observation agrees with the fit, so that its residual is 0 and it doesn't pull at all. The cell looks for that height.

# %%
if shared.running_slow():

    def with_weight_zero(fit, gamma, *lams):
        """The n errors when point i isn't deleted, but its loss doesn't count."""
        K, errors = rbf_kernel(x, x, gamma), np.empty(n)

        def residual(height, i):
            heights = np.where(np.arange(n) == i, height, y)
            return height - K[i] @ np.ravel(fit(K, heights, *lams))

        for i in range(n):
            errors[i] = (y[i] - brentq(residual, -100, 140, args=(i,), xtol=1e-3)) ** 2
        return errors

    further = (("monotone", (fit_monotone, {"gamma": 1000.0, "lam": 0.01})),)
    for name, (fit, chosen) in (*CHOICES.items(), *further):
        choice = [chosen[key] for key in sorted(chosen)]
        deleted, zero = np.ravel(leave_one_out(fit, x, y, *choice)), with_weight_zero(fit, *choice)
        most = np.abs(np.sqrt(deleted) - np.sqrt(zero)).max()
        shown = ", ".join(f"{number:g}" for number in choice)
        print(f"{name:16}({shown}):".ljust(40) + f"means {deleted.mean():5.2f} and {zero.mean():5.2f};", end=" ")
        print(f"single predictions are up to {most:.2f} apart")

# %% [markdown]
# For least squares and Huber it is the same thing, as promised. For the other two, at our choices, single predictions
# differ by up to 0.6 (total variation) and 0.9 (monotone), and the means by less than 1 %. The last line shows that it
# needn't be so mild. With narrow bumps, a deleted point leaves a gap into which the curve sags. A point of weight zero
# still holds it up by its constraint, and the mean is 15.6 instead of 21.6. So if you used weight zero, you would
# explore another landscape from ours. That is why a definition comes before a grade.
#
# ## Part 8 · Between the points
#
# The constraint $DK\alpha \ge 0$ speaks about $\hat f$ at the 50 points of `x`. We drew $\hat f$ on a fine grid, and
# if you looked closely at your last figure you may have noticed something. Here it is in close-up, once at your choice
# and once with narrower bumps.


# %%
def falls(values):
    """How far each value is below the highest one before it."""
    return np.maximum.accumulate(values) - values


if shared.running_slow():
    fine = np.linspace(0, 1, 2001)
    fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for ax, chosen in zip(axes, (chosen_monotone, {"gamma": 1000.0, "lam": 0.001}), strict=True):
        gamma, lam = chosen["gamma"], chosen["lam"]
        alpha = np.ravel(fit_monotone(rbf_kernel(x, x, gamma), y, lam))
        curve = np.ravel(predict(alpha, x, fine, gamma))
        ax.plot(fine, curve, color="C0", label=r"$\hat f$")
        ax.plot(x, rbf_kernel(x, x, gamma) @ alpha, "o", markersize=5, color="C1", label="at the points: never falls")
        ax.set(xlabel="x", xlim=(0.5, 0.68), ylim=(16, 34), title=f"$\\gamma$ = {gamma:g}, $\\lambda$ = {lam:g}")
        depth = falls(curve)
        print(f"gamma {gamma:g}: falls by up to {depth.max():.2f}, near x = {fine[depth.argmax()]:.2f}")
    axes[0].legend()
    plt.show()

# %% [markdown]
# ## Question 18 · Between the points (0.25 points, read by a person)
#
# In four to six sentences: why does $\hat f$ fall between points where all the constraints hold? On what does it
# depend how much? How would you make $\hat f$ monotone on all of $[0, 1]$, or nearly, and would the problem still be a
# quadratic program? What exactly would your remedy promise, and what not?

# %%
from solutions.kernel_regression import between_the_points

# %% [markdown]
# ## Question 19 · Monotone on a grid (0 points, optional)
#
# For those who want to try it. Define `fit_monotone_on_grid(K, K_grid, y, lam)`: the monotone fit, except that the
# values that must not fall are those on a grid, $K_{\text{grid}}\,\alpha$. Row $i$ of `K_grid`, shape `(m, n)`, is the
# kernel between point $i$ of an increasing grid and the $n$ points of the data.
#
# *The checks look at:* $K\hat\alpha$; that no step of $K_{\text{grid}}\,\hat\alpha$ is below $-0.001$.

# %%
from solutions.kernel_regression import fit_monotone_on_grid

# %%
# nothing to see where the optional question has been left out
if shared.running_slow() and fit_monotone_on_grid(np.eye(2), np.eye(2), np.array([0.0, 1.0]), 1.0) is not None:
    fig, axes = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    for ax, chosen in zip(axes, (chosen_monotone, {"gamma": 1000.0, "lam": 0.001}), strict=True):
        gamma, lam = chosen["gamma"], chosen["lam"]
        K, K_fine = rbf_kernel(x, x, gamma), rbf_kernel(fine, x, gamma)
        plain = K_fine @ np.ravel(fit_monotone(K, y, lam))
        on_grid = K_fine @ np.ravel(fit_monotone_on_grid(K, rbf_kernel(np.linspace(0, 1, 201), x, gamma), y, lam))
        ax.plot(fine, plain, color="C0", label="monotone at the points")
        ax.plot(fine, on_grid, color="C1", label="monotone on a grid of 201 points")
        ax.plot(x, y, "o", markersize=4, color="C4", label="observations")
        ax.set(xlabel="x", xlim=(0.5, 0.68), ylim=(16, 34), title=f"$\\gamma$ = {gamma:g}, $\\lambda$ = {lam:g}")
        print(f"gamma {gamma:g}: falls by up to {falls(plain).max():.2f}, with the grid {falls(on_grid).max():.3f}")
    axes[0].legend()
    plt.show()

# %% [markdown]
# The grid leaves a little room, too: between two of its points the curve is as free as before. With wide bumps that is
# a matter of thousandths. With $\gamma = 1000$ and a grid of 201 points it still falls by up to 0.18 somewhere, and a
# finer grid is the cure.
#
# That is all. What to take home: say what you know about the function, and let a solver do the rest. Don't trust
# a status where you can have a proof. A model that the computer calls singular may be fine, if you ask for the
# function and not for its coefficients. Search on log scales, look at the whole surface, and at what the error is made
# of. And a procedure isn't defined until one knows what happens to the neighbours of a deleted point.
#
# To hand in: save, choose *Restart and run all* once, and submit this notebook alone.
