# %% [markdown]
# # Plausible answers with a wrong turn in most of them
#
# Every function runs and returns the right shape. The pictures look as they should.

# %%
import cvxpy as cp
import matplotlib.pyplot as plt
import numpy as np

from shared import staircase


# %%
def make_data(rng, n=50):
    x = np.linspace(0, 1, n)
    f = np.zeros(n)
    for k in range(1, 5):
        f += 10 * (x >= k / 5)
    y = f
    y += rng.normal(size=n)
    y[24] = 0
    return x, y, f


# %%
def rbf_kernel(x, z, gamma):
    return np.exp(-gamma * (x[:, None] - z[None, :]) ** 2)


# %%
def difference_matrix(n):
    D = np.zeros((n - 1, n))
    for i in range(n - 1):
        D[i, i], D[i, i + 1] = 1, -1
    return D


# %%
def fit_least_squares(K, y, lam):
    a = cp.Variable(len(y))
    cp.Problem(cp.Minimize(cp.sum_squares(y - K @ a) + lam * cp.sum_squares(a))).solve(solver=cp.CLARABEL)
    return a.value


# %%
def predict(alpha, x_train, x, gamma):
    return rbf_kernel(x, x_train, gamma) @ alpha


# %%
def leave_one_out(fit, x, y, gamma, *lams):
    K = rbf_kernel(x, x, gamma)
    errors = np.zeros(len(y))
    for i in range(len(y)):
        without = y.copy()
        without[i] = 0  # the point counts no more
        errors[i] = (y[i] - K[i] @ fit(K, without, *lams)) ** 2
    return errors


# %%
chosen_least_squares = {"gamma": 1.0, "lam": 1e-4}


# %%
def draw(fit, choice):
    x, y, f = staircase.load()
    gamma, *lams = choice.values()
    fine = np.linspace(0, 1, 400)
    fig, ax = plt.subplots()
    ax.plot(x, y, ".", label="data")
    ax.plot(x, f, label="true f")
    ax.plot(fine, predict(fit(rbf_kernel(x, x, gamma), y, *lams), x, fine, gamma), label="fitted f")
    ax.set_xlabel("x")
    ax.set_ylabel("y")
    ax.legend()
    return fig


def plot_least_squares():
    return draw(fit_least_squares, chosen_least_squares)


# %%
def fit_huber(K, y, lam):
    a = cp.Variable(len(y))
    loss = cp.sum_entries(cp.huber(y - K * a))
    cp.Problem(cp.Minimize(loss + lam * cp.quad_form(a, cp.psd_wrap(K)))).solve()
    return a.value


# %%
chosen_huber = {"gamma": 30.0, "lambda": 0.001}


# %%
def plot_huber():
    return draw(fit_huber, chosen_huber)


# %%
def fit_total_variation(K, y, lam1, lam2):
    a = cp.Variable(len(y))
    f = K @ a
    loss = cp.sum_squares(y - f) + lam1 * cp.quad_form(a, cp.psd_wrap(K)) + lam2 * cp.norm1(cp.diff(f))
    cp.Problem(cp.Minimize(loss)).solve(solver=cp.CLARABEL)
    return a.value


# %%
chosen_total_variation = {"gamma": 100.0, "lam1": 10.0, "lam2": 0.01}


# %%
def plot_total_variation():
    return draw(fit_total_variation, chosen_total_variation)


# %%
def fit_monotone(K, y, lam):
    a = cp.Variable(len(y))
    loss = cp.sum_squares(y - K @ a) + lam * cp.quad_form(a, cp.psd_wrap(K))
    cp.Problem(cp.Minimize(loss), [difference_matrix(len(y)) @ K @ a >= 0]).solve(solver=cp.CLARABEL)
    return a.value


# %%
chosen_monotone = {"gamma": 300.0, "lam": 0.05}


# %%
def plot_monotone():
    return draw(fit_monotone, chosen_monotone)
