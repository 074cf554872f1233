"""`make bench`: times as ratios in one run; a table on screen and dist/bench.json.

Each row is {name, ours, theirs, unit, ratio, target, met}. «Theirs» is stock otter-grader 7 on the same zip and
notebook, or the lecture's own code on the same work. Times are medians of five, but for the class of 50 submissions,
which is graded once and held against 50 times otter's median, and the memory, a peak sampled over one run.
Nothing here is asserted: times vary, tests must not.
"""

import json
import math
import os
import runpy
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

KIT = Path(__file__).resolve().parent.parent
DIST = KIT / "dist" / "newton_gd"
LECTURE = KIT / "tests/submissions/newton_gd/lecture_code/lecture_code.py"
LECTURE_AVERAGES = KIT / "tests/submissions/lln_clt/lecture_codes/lecture_codes.py"
HOMEWORK = KIT / "tests/submissions/kernel_regression/homework_code/homework_code.py"
TRAINED_IMAGES = 2000
REPEATS = 5
CLASS_SIZE = 50
LECTURE_REPLICATES = 20  # of 500: its loop is timed on this many and scaled, since its time is linear in them
LECTURE_SAMPLES = 100  # of 1000, for each n: the same
HOMEWORK_CHOICES = 3  # of 100 (1000 for total variation): its loop is timed on these, at random, and scaled
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "TOUCHSTONE_GRADING": "1", "PYTHONPATH": str(KIT)}
Row = dict[str, Any]


def seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def median_seconds(work: Callable[[], Any]) -> float:
    return statistics.median(seconds(work) for _ in range(REPEATS))


def row(name: str, ours: float, theirs: float, target: float, unit: str = "s") -> Row:
    """A row where `ours / theirs` is to stay at or below `target`."""
    ratio = ours / theirs
    return {
        "name": name,
        "ours": ours,
        "theirs": theirs,
        "unit": unit,
        "ratio": ratio,
        "target": f"≤ {target:g}",
        "met": ratio <= target,
    }


def speedup(name: str, ours: float, theirs: float, target: float) -> Row:
    """A row where `theirs / ours` is to reach `target`."""
    ratio = theirs / ours
    return {
        "name": name,
        "ours": ours,
        "theirs": theirs,
        "unit": "s",
        "ratio": ratio,
        "target": f"≥ {target:g} times",
        "met": ratio >= target,
    }


def grade(out: Path, *submissions: Path, jobs: int = 1) -> None:
    command = [sys.executable, "-m", "autograder", "grade", "newton_gd", *map(str, submissions)]
    subprocess.run(
        [*command, "--out", str(out), "--jobs", str(jobs)],
        check=True,
        cwd=KIT,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
    )


def otter_run(out: Path, submission: Path) -> None:
    command = [str(Path(sys.executable).with_name("otter")), "run", "-a", str(DIST / "autograder.zip"), "--no-logo"]
    subprocess.run(
        [*command, "-o", str(out), str(submission)],
        check=True,
        cwd=out,
        env=ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def distinct_submissions(folder: Path) -> list[Path]:
    """CLASS_SIZE notebooks with the same answers, no two with the same bytes."""
    paths = []
    for number in range(CLASS_SIZE):
        notebook = nbformat.read(DIST / "solved.ipynb", as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(f"student = {number}", id=f"student-{number}"))
        paths.append(folder / f"student-{number:02d}.ipynb")
        nbformat.write(notebook, paths[-1])
    return paths


def peak_memory(work: Callable[[], subprocess.Popen[bytes]]) -> float:
    """The largest PSS (MB) of a process and all below it, sampled while it runs."""
    process = psutil.Process(work().pid)
    peak = 0.0
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        total = 0
        for one in [process, *process.children(recursive=True)]:
            try:
                total += one.memory_full_info().pss
            except psutil.Error:
                continue  # it has ended meanwhile
        peak = max(peak, total / 2**20)
        time.sleep(0.02)
    process.wait()
    return peak


def grading_rows(folder: Path) -> list[Row]:
    solved = DIST / "solved.ipynb"
    ours = median_seconds(lambda: grade(folder / "results", solved))
    theirs = median_seconds(lambda: otter_run(folder, solved))
    submissions = distinct_submissions(folder)
    class_ours = seconds(lambda: grade(folder / "class", *submissions, jobs=2))
    command = [sys.executable, "-m", "autograder", "grade", "newton_gd", str(solved), "--out", str(folder / "memory")]
    peak = peak_memory(lambda: subprocess.Popen(command, cwd=KIT, env=ENVIRONMENT, stdout=subprocess.DEVNULL))
    return [
        row("grade the reference, against otter run", ours, theirs, 0.7),
        row(
            f"grade {CLASS_SIZE} submissions with --jobs 2, against {CLASS_SIZE} times otter run",
            class_ours,
            CLASS_SIZE * theirs,
            0.4,
        ),
        row("peak memory of grader and worker together, against 400 MB", peak, 400.0, 1.0, unit="MB"),
    ]


def simulation_rows() -> list[Row]:
    sys.path.insert(0, str(KIT))
    from solutions.newton_gd import simulate_estimates

    os.environ["MPLBACKEND"] = "Agg"
    lecture = runpy.run_path(str(LECTURE))["simulate_estimates"]
    sizes, replicates = [100, 200, 400, 800], 500
    rows = []
    for method, target in (("newton", 30.0), ("gradient_descent", 3.0)):
        ours = median_seconds(lambda: simulate_estimates(method, sizes, replicates, np.random.default_rng(0)))  # noqa: B023
        part = median_seconds(lambda: lecture(method, sizes, LECTURE_REPLICATES, None))  # noqa: B023
        theirs = part * replicates / LECTURE_REPLICATES
        rows.append(speedup(f"simulate_estimates, {method}, against the lecture's code", ours, theirs, target))
    return rows


def averages_rows() -> list[Row]:
    """The lecture's two experiments of section 1: the tail against n, and the standardized means."""
    sys.path.insert(0, str(KIT))
    from shared.checks.lln_clt import LECTURE as MIXTURE
    from solutions.lln_clt import standardized_means, tail_probabilities
    from solutions.variants.lln_clt import one_growing_sample

    os.environ["MPLBACKEND"] = "Agg"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # of the slides' "\\m" in strings that aren't raw
        lecture = runpy.run_path(str(LECTURE_AVERAGES))
    M = 1000

    def tails(answer: Callable[..., Any], samples: int) -> float:
        return median_seconds(lambda: answer(3, np.arange(50, 1001, 50), samples, 0.1, np.random.default_rng(0)))

    def means(answer: Callable[..., Any], samples: int) -> float:
        rng = np.random.default_rng(0)
        return median_seconds(lambda: [answer(n, samples, *MIXTURE.parts, rng) for n in (25, 50, 100, 200)])

    theirs = tails(lecture["tail_probabilities"], LECTURE_SAMPLES) * M / LECTURE_SAMPLES
    return [
        speedup("tail_probabilities, against the lecture's code", tails(tail_probabilities, M), theirs, 3.0),
        speedup(
            "the same by one growing sample, against the lecture's code", tails(one_growing_sample, M), theirs, 25.0
        ),
        speedup(
            "standardized_means, against the lecture's code",
            means(standardized_means, M),
            means(lecture["standardized_means"], M),
            4.0,
        ),
    ]


def em_rows() -> list[Row]:
    """One iteration of EM: the reference against the same steps, an observation at a time in Python's loops."""
    sys.path.insert(0, str(KIT))
    from solutions.poisson_em import e_step, m_step

    rng = np.random.default_rng(0)
    n, k, d = 2000, 3, 6
    X = np.column_stack([np.ones(n), rng.uniform(-1, 1, (n, d - 1))])
    moods = rng.normal(0, 0.7, (k, d))
    y = rng.poisson(np.exp(np.sum(X * moods[rng.integers(k, size=n)], axis=1))).astype(float)
    W, pi = moods + rng.normal(0, 0.3, moods.shape), np.full(k, 1 / k)
    ours, theirs = m_step(e_step(W, pi, X, y), X, y, W), em_iteration_by_loops(W, pi, X, y)
    assert all(np.allclose(one, other, atol=1e-8) for one, other in zip(ours, theirs, strict=True))
    return [
        speedup(
            "an iteration of EM (n = 2000, k = 3, d = 6), against loops over the observations",
            median_seconds(lambda: [m_step(e_step(W, pi, X, y), X, y, W) for _ in range(50)]) / 50,
            median_seconds(lambda: em_iteration_by_loops(W, pi, X, y)),
            100.0,
        )
    ]


def em_iteration_by_loops(W: np.ndarray, pi: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What m_step(e_step(W, pi, X, y), X, y, W) of the reference computes, with sums over observations as loops."""
    n, k = len(y), len(pi)
    R = np.zeros((n, k))
    for i in range(n):
        log_rates = [X[i] @ W[j] for j in range(k)]
        logs = [math.log(pi[j]) + y[i] * log_rates[j] - math.exp(log_rates[j]) for j in range(k)]
        parts = [math.exp(value - max(logs)) for value in logs]
        R[i] = [part / sum(parts) for part in parts]

    def height(w: np.ndarray, j: int) -> float:
        log_rates = [X[i] @ w for i in range(n)]
        return sum(R[i, j] * (math.exp(log_rates[i]) - y[i] * log_rates[i]) for i in range(n))

    new = W.copy()
    for j in range(k):
        w, step = new[j], np.ones(len(new[j]))
        while np.abs(step).max() >= 1e-5:
            slope, curvature = np.zeros(len(w)), np.zeros((len(w), len(w)))
            for i in range(n):
                rate = math.exp(X[i] @ w)
                slope += R[i, j] * (rate - y[i]) * X[i]
                curvature += R[i, j] * rate * np.outer(X[i], X[i])
            step, low = np.linalg.solve(curvature, slope), height(w, j)
            while not height(w - step, j) <= low:
                step /= 2
            w = w - step
        new[j] = w
    return new, R.mean(axis=0)


def leave_one_out_rows() -> list[Row]:
    """Leave-one-out over 10 by 10 choices, 10 by 10 by 10 for total variation: against the homework's loop."""
    sys.path.insert(0, str(KIT))
    from shared import staircase
    from solutions.fast.kernel_regression import surface

    os.environ["MPLBACKEND"] = "Agg"
    homework = runpy.run_path(str(HOMEWORK))
    x, y, _ = staircase.load()
    gammas, lams = np.logspace(0.5, 2.5, 10), np.logspace(-2, 1, 10)

    def by_loop(fit: str, choice: list[float]) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of cvxpy, about the homework's `*`
            return seconds(lambda: homework["leave_one_out"](homework[f"fit_{fit}"], x, y, *choice))

    rows = []
    for fit, target in (("least_squares", 10_000), ("huber", 70), ("total_variation", 80), ("monotone", 80)):
        axes = (gammas, 3 * lams, lams) if fit == "total_variation" else (gammas, lams)
        rng = np.random.default_rng(0)
        choices = [[rng.choice(axis) for axis in axes] for _ in range(HOMEWORK_CHOICES)]
        ours = median_seconds(lambda: surface(fit, x, y, *axes))  # noqa: B023
        theirs = statistics.mean(by_loop(fit, choice) for choice in choices) * math.prod(map(len, axes))
        grid = " by ".join(str(len(axis)) for axis in axes)
        name = f"leave-one-out, {fit}, {grid}, against the homework's loop ({HOMEWORK_CHOICES} choices, scaled)"
        rows.append(speedup(name, ours, theirs, target))
    return rows


def training_rows() -> list[Row]:
    """A training step's time for each image: the reference's loop against the homework's, on the same network.

    The homework's: torchvision's images opened one by one, two worker processes, batches of 4, ReLU before pooling.
    Ours: one tensor, channels last, batches of 128, gradients through the maxima alone (shared/pooling.py). Both on
    TRAINED_IMAGES, with a thread for each core, as torch has it where nobody says otherwise; the first batches not
    counted.
    """
    os.environ["TQDM_DISABLE"] = "1"  # which tqdm reads when it is imported
    import torch

    from shared import datasets
    from shared.vision import torchvision
    from solutions import networks

    torch.set_num_threads(os.cpu_count() or 1)
    transforms = torchvision().transforms
    images = datasets.made("CIFAR-10").train[0]
    pictures = [transforms.functional.to_pil_image((image + 1) / 2) for image in images[:TRAINED_IMAGES]]
    labels = torch.arange(len(pictures)) % 10
    normalize = transforms.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    transform = transforms.Compose([transforms.ToTensor(), normalize])

    class Pictures(torch.utils.data.Dataset[Any]):
        def __len__(self) -> int:
            return len(pictures)

        def __getitem__(self, index: int) -> Any:
            return transform(pictures[index]), labels[index]

    def in_this_order(M: int, p: int, N: int) -> torch.nn.Module:
        """The homework's ConvNet: the same function, with ReLU before pooling."""
        layers = torch.nn.Conv2d(3, M, p), torch.nn.ReLU(), torch.nn.MaxPool2d(N), torch.nn.Flatten()
        return torch.nn.Sequential(*layers, torch.nn.Linear(M * ((33 - p) // N) ** 2, 10))

    def homework(net: torch.nn.Module) -> None:
        loader = torch.utils.data.DataLoader(Pictures(), batch_size=4, shuffle=True, num_workers=2)
        criterion = torch.nn.CrossEntropyLoss()
        optimizer = torch.optim.SGD(net.parameters(), lr=0.001, momentum=0.05)
        for inputs, answers in loader:
            optimizer.zero_grad()
            criterion(net(inputs), answers).backward()
            optimizer.step()

    data = images[:TRAINED_IMAGES], labels
    one = data[0][:1], data[1][:1]
    rows = []
    for name, sizes, target in (("LogisticNet", (), 10), ("HiddenNet", (1000,), 10), ("ConvNet", (200, 5, 14), 5)):
        make: Callable[..., Any] = getattr(networks, name)
        ours = make(*sizes).to(memory_format=torch.channels_last)
        networks.train(ours, one, one, 1, 0.001, 0.05)  # loads what the first optimizer needs
        time_ours = median_seconds(lambda: networks.train(ours, data, one, 1, 0.001, 0.05))  # noqa: B023
        theirs = in_this_order(*sizes) if name == "ConvNet" else make(*sizes)
        time_theirs = seconds(lambda: homework(theirs))  # noqa: B023
        what = f"train {name}{sizes or ''} on {len(labels)} images, against the homework's loop"
        rows.append(speedup(what.replace(",)", ")"), time_ours, time_theirs, target))
    return rows


def network_rows(folder: Path) -> list[Row]:
    """The reference of networks, graded on the real test images; none where these are not at hand."""
    solved = KIT / "dist" / "networks" / "solved.zip"
    if not solved.exists():
        return []
    command = [sys.executable, "-m", "autograder", "grade", "networks", str(solved), "--out", str(folder / "networks")]
    begun = time.perf_counter()
    one_core = ["taskset", "--cpu-list", "0", *command]
    peak = peak_memory(lambda: subprocess.Popen(one_core, cwd=KIT, env=ENVIRONMENT, stdout=subprocess.DEVNULL))
    elapsed = time.perf_counter() - begun
    return [
        row("grade the reference of networks on one core, against 60 s", elapsed, 60.0, 1.0),
        row("its peak memory, grader and worker together, against 700 MB", peak, 700.0, 1.0, unit="MB"),
    ]


def main() -> None:
    console = Console()
    if not (DIST / "autograder.zip").exists():
        subprocess.run([sys.executable, "-m", "autograder", "build", "newton_gd"], check=True, cwd=KIT)
    with tempfile.TemporaryDirectory() as name, console.status("measuring (some minutes)"):
        folder = Path(name)
        rows = [*averages_rows(), *em_rows(), *leave_one_out_rows(), *simulation_rows(), *grading_rows(folder)]
        rows += [*training_rows(), *network_rows(folder)]
    (KIT / "dist" / "bench.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    table = Table("what", "ours", "theirs", "ratio", "target", "met")
    for one in rows:
        values = [f"{one[key]:.2f} {one['unit']}" for key in ("ours", "theirs")]
        table.add_row(one["name"], *values, f"{one['ratio']:.2f}", one["target"], "yes" if one["met"] else "no")
    console.print(table)


if __name__ == "__main__":
    main()
