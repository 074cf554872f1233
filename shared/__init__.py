"""What the course hands out beside every notebook: helpers for figures, and the checks that students run."""

import os


def running_slow() -> bool:
    """Whether to run the long experiments: yes, except while the notebook is being graded."""
    return os.environ.get("TOUCHSTONE_GRADING") != "1"
