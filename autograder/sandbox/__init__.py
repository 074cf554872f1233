"""A sandbox for a student's notebook: its cells run in another process, as another user, and answer requests.

    with stage() as kit:
        isolation = choose("auto", kit)
        with Sandbox(kit, isolation, cells, files, Limits(...)) as sandbox:
            reports = sandbox.run_cells()
            with sandbox.check(seconds=20) as resolve:
                gradient = resolve("gradient")      # a StudentFunction, or plain data
                gradient(theta, X, y)               # runs over there; plain data comes back

It knows nothing of assignments. `isolation` starts a worker under bubblewrap or as another user, `host` speaks with
it, `touchstone_worker` is what runs on the other side.
"""

from autograder.sandbox.host import CellReport, Sandbox
from autograder.sandbox.isolation import Isolation, IsolationUnavailable, choose
from autograder.sandbox.stage import Stage, stage

__all__ = ["CellReport", "Isolation", "IsolationUnavailable", "Sandbox", "Stage", "choose", "stage"]
