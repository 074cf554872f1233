# %% [markdown]
# # Everything right, far from the reference's style
#
# Loops, lists and columns; closed forms where there are some, each regression with another solver and another way to
# say that K is positive semidefinite; leave-one-out cut out of one large matrix; figures by pyplot.

# %%
import cvxpy as cp
import matplotlib.pyplot as plt
import numpy as np
from scipy import linalg, sparse
from scipy.spatial.distance import cdist

from shared import staircase


# %%
def make_data(rng, n=50):
    x, f = [], []
    for i in range(1, n + 1):
        x.append((i - 1) / (n - 1))
        f.append(sum(10 for k in range(1, 5) if 5 * (i - 1) >= k * (n - 1)))
    y = [value + rng.normal() for value in f]
    y[25 - 1] = 0
    return x, y, f


# %%
def rbf_kernel(x, z, gamma):
    return np.exp(-gamma * cdist(np.reshape(x, (-1, 1)), np.reshape(z, (-1, 1)), "sqeuclidean"))


# %%
def difference_matrix(n):
    return sparse.diags_array([-np.ones(n - 1), np.ones(n - 1)], offsets=[0, 1], shape=(n - 1, n)).toarray().astype(int)


# %%
def fit_least_squares(K, y, lam):
    return linalg.solve(K + lam * np.eye(len(K)), y, assume_a="pos").reshape(-1, 1)


# %%
def predict(alpha, x_train, x, gamma):
    return [sum(a * np.exp(-gamma * (t - s) ** 2) for a, t in zip(np.ravel(alpha), x_train)) for s in x]


# %%
def leave_one_out(fit, x, y, gamma, *lams):
    everything = rbf_kernel(x, x, gamma)
    errors = []
    for i in range(len(x)):
        K = np.delete(np.delete(everything, i, axis=0), i, axis=1)
        alpha = np.ravel(fit(K, np.delete(y, i), *lams))
        errors.append([(np.delete(everything[i], i) @ alpha - y[i]) ** 2])
    return np.array(errors)


# %%
chosen_least_squares = dict(gamma=np.float64(30), lam=0.002)


# %%
def draw(fit, gamma, *lams):
    x, y, f = staircase.load()
    alpha = fit(rbf_kernel(x, x, gamma), y, *lams)
    plt.figure()
    plt.scatter(x, y, label="observed")
    plt.step(x, f, where="post", label="truth")
    fine = np.arange(0, 1.001, 0.005)
    plt.plot(fine, predict(alpha, x, fine, gamma), "r-", label="fit")
    plt.xlabel("x")
    plt.ylabel("y")
    plt.legend()
    return plt.gcf(), plt.gca()


def plot_least_squares():
    return draw(fit_least_squares, *chosen_least_squares.values())


# %%
def fit_huber(K, y, lam):
    alpha = cp.Variable(len(y))
    problem = cp.Problem(cp.Minimize(cp.sum(cp.huber(K @ alpha - y, M=1)) + lam * cp.quad_form(alpha, cp.psd_wrap(K))))
    problem.solve(solver=cp.SCS)
    return alpha.value


# %%
chosen_huber = {"lam": 0.001, "gamma": 30}


# %%
def plot_huber():
    return draw(fit_huber, chosen_huber["gamma"], chosen_huber["lam"])


# %%
def fit_total_variation(K, y, lam1, lam2):
    L = np.linalg.cholesky(K + 1e-9 * np.eye(len(y)))
    alpha, jumps = cp.Variable(len(y)), cp.Variable(len(y) - 1, nonneg=True)
    steps = difference_matrix(len(y)) @ K @ alpha
    objective = cp.sum_squares(y - K @ alpha) + lam1 * cp.sum(jumps) + lam2 * cp.sum_squares(L.T @ alpha)
    problem = cp.Problem(cp.Minimize(objective), [steps <= jumps, -steps <= jumps])
    problem.solve(solver=cp.CLARABEL)
    return alpha.value, problem.value


# %%
chosen_total_variation = {"gamma": 80, "lam1": 10, "lam2": 1e-4}


# %%
def plot_total_variation():
    x, y, f = staircase.load()
    choice = chosen_total_variation
    alpha, _ = fit_total_variation(rbf_kernel(x, x, choice["gamma"]), y, choice["lam1"], choice["lam2"])
    fine = np.linspace(0, 1, 300)
    fig, ax = plt.subplots()
    ax.set(xlabel="x", ylabel="y")
    ax.plot(x, y, "kx")
    ax.plot(x, f, "g:")
    ax.plot(fine, predict(alpha, x, fine, choice["gamma"]), "b")
    ax.legend(["observed", "truth", "fit"])
    return fig


# %%
def fit_monotone(K, y, lam):
    alpha = cp.Variable((len(y), 1))
    loss = cp.sum_squares(K @ alpha - np.reshape(y, (-1, 1)))
    objective = cp.Minimize(loss + lam * cp.quad_form(alpha, K, assume_PSD=True))
    cp.Problem(objective, [difference_matrix(len(y)) @ (K @ alpha) >= 0]).solve()
    return alpha.value


# %%
chosen_monotone = {"gamma": 150.0, "lam": 0.001}


# %%
def plot_monotone():
    return draw(fit_monotone, *chosen_monotone.values())


# %%
def fit_monotone_on_grid(K, K_grid, y, lam):
    alpha = cp.Variable(len(y))
    loss = cp.sum_squares(K @ alpha - y) + lam * cp.quad_form(alpha, cp.psd_wrap(K))
    rises = K_grid[1:] - K_grid[:-1]
    cp.Problem(cp.Minimize(loss), [rises @ alpha >= 0]).solve(solver=cp.CLARABEL)
    return alpha.value
