# %%
import warnings
import numpy as np
import matplotlib.pyplot as plt

# %%
def sigmoid(z):
    return 0.5 * (1 + np.tanh(0.5 * z))

def risk(theta, X, y):
    return np.mean(np.logaddexp(0, -y * X.dot(theta)))

def gradient(theta, X, y):
    # derivative of log(1 + exp(-m)) is -sigmoid(-m)
    return -X.T.dot(y * sigmoid(-y * X.dot(theta)))

def hessian(theta, X, y):
    n, d = X.shape
    s = sigmoid(X.dot(theta))
    return np.einsum("i,ij,ik->jk", s * (1 - s), X, X) / n

# %%
# Newton: H step = g
def newton(X, y, theta0, max_iter=25):
    theta = np.copy(theta0)
    for k in range(max_iter):
        H, g = hessian(theta, X, y), gradient(theta, X, y)
        theta = theta - np.linalg.pinv(H).dot(g)
    if np.min(y * X.dot(theta)) > 0:
        warnings.warn("separable, no minimiser")
    return theta

def gradient_descent(X, y, theta0, learning_rate=20.0, max_iter=1000):
    theta = np.copy(theta0)
    for t in range(max_iter):
        theta -= learning_rate * 50 / (50 + t) * gradient(theta, X, y)
    return theta

# %%
def theta_star(mu_neg, mu_pos, sigma):
    return [(mu_neg**2 - mu_pos**2) / 2 / sigma**2, (mu_pos - mu_neg) / sigma**2]

def generate_data(n, mu_neg, mu_pos, sigma, rng):
    y = 2 * rng.binomial(1, 0.5, n) - 1
    x = (mu_pos + mu_neg) / 2 + y * (mu_pos - mu_neg) / 2 + sigma * rng.standard_normal(n)
    return np.stack((np.ones(n), x), axis=-1), y

def simulate_estimates(method, sample_sizes, M, rng):
    if method == "newton":
        f = newton
    elif method == "gradient_descent":
        f = gradient_descent
    else:
        raise ValueError("unknown method " + method)
    return {n: np.array([f(*generate_data(n, -2, 1, 1, rng), rng.uniform(-.1, .1, 2)) for m in range(M)])
            for n in sample_sizes}

# %%
def plot_errors(estimates):
    fig, ax = plt.subplots()
    for n in estimates:
        d = np.sqrt(((estimates[n] - np.array(theta_star(-2, 1, 1)))**2).sum(1))
        ax.scatter(n, np.median(d), color="C0")
    ax.set_xlabel("sample size"); ax.set_ylabel("median of the distance to theta*")
    return fig

def plot_scaled_scatter(estimates):
    fig = plt.figure(figsize=(12, 3))
    for i, n in enumerate(sorted(estimates)):
        ax = fig.add_subplot(1, len(estimates), i + 1)
        z = n**0.5 * (estimates[n] - np.array(theta_star(-2, 1, 1)))
        ax.scatter(z[:, 0], z[:, 1])
        ax.set_xlim(-30, 30)
        ax.set_ylim(-30, 30)
        ax.set_title("n = %d" % n)
    return fig, fig.axes

def optimization_errors(X, y, theta0, steps):
    theta_hat = newton(X, y, np.zeros_like(theta0), 100)
    low = risk(theta_hat, X, y)
    en = [risk(newton(X, y, theta0, t), X, y) - low for t in steps]
    eg = [risk(gradient_descent(X, y, theta0, 20.0, t), X, y) - low for t in steps]
    return {"newton": np.array(en), "gradient_descent": np.array(eg)}
