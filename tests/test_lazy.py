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


def test_a_postponed_module_is_imported_when_it_is_used():
    subprocess.run([sys.executable, "-c", PROGRAM], cwd=KIT, check=True)
