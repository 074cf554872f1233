"""The machinery under the checks: values, calls, figures, inputs, slopes, statistics, checks and the bridge to Otter.

The same modules serve your notebook and the grader, so a check treats your answer alike in both.
"""
