"""Postponed imports."""

import subprocess
import sys

from autograder.policy import KIT

PROGRAM = """
import sys
from autograder.lazy import postpone
postpone("matplotlib.pyplot")
import matplotlib.pyplot as plt
assert "matplotlib.figure" not in sys.modules
from autograder.policy import hold_to_checks, load
hold_to_checks(load()["newton_gd"])
assert "matplotlib.figure" not in sys.modules, "reading the checks of an assignment draws nothing"
figure = plt.figure()
import matplotlib.pyplot
assert matplotlib.pyplot.fignum_exists(figure.number)
"""


GRADER = """
import sys
from autograder.lazy import postpone_imports
postpone_imports()
from autograder.policy import hold_to_checks, load
hold_to_checks(load()["kernel_regression"])
import solutions.kernel_regression, solutions.mistakes.kernel_regression
assert "cvxpy.problems" not in sys.modules and "matplotlib.figure" not in sys.modules
assert len(solutions.kernel_regression.fit_huber(solutions.kernel_regression.np.eye(3), [1.0, 2.0, 4.0], 0.5)) == 3
assert "cvxpy.problems" in sys.modules
"""


def test_the_grader_imports_cvxpy_only_to_solve_with():
    subprocess.run([sys.executable, "-c", GRADER], cwd=KIT, check=True)


def test_a_postponed_module_is_imported_when_it_is_used():
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=KIT, check=True)
