"""What the reference and the blank have to earn, said in a sentence where they don't."""

from autograder.results import CheckResult, SubmissionResult


def reference_shortfall(result: SubmissionResult) -> str:
    """Why the reference falls short of full marks, extra points included; empty if it doesn't."""
    failed = [check for check in _checks(result) if check.outcome.status != "passed"]
    if not failed and not result.problem:
        return ""
    reasons = "; ".join(f"{check.name}: {check.outcome.message or check.outcome.staff}" for check in failed)
    return f"the reference earns {result.marks} points ({result.problem or reasons})"


def blank_shortfall(result: SubmissionResult) -> str:
    """What the blank passes, though nothing is done in it; empty if nothing."""
    if result.problem or result.unknown:
        unknown = "; ".join(c.outcome.staff for c in _checks(result) if c.outcome.status == "unknown")
        return f"the blank can't be graded ({result.problem or unknown})"
    passed = [check.name for check in _checks(result) if check.outcome.status == "passed"]
    return f"the blank passes {', '.join(passed)}, and must pass nothing" if passed else ""


def _checks(result: SubmissionResult) -> list[CheckResult]:
    return [check for question in result.coded for check in question.checks]
