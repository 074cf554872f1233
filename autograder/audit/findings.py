"""What the audit found, as frozen data: findings, mutants and the power of random checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Fate = Literal["caught", "survived", "equivalent"]


@dataclass(frozen=True)
class Finding:
    """One sentence about a question. kind: what it is about, such as «uncaught mistake».

    falls_short: whether it has to be mended; without it, it is for a person to judge.
    """

    question: str
    kind: str
    text: str
    falls_short: bool = True


@dataclass(frozen=True)
class Mutant:
    """The reference with one small change. line: in the solution module. before, after: what was changed there.

    by: the check that caught it. reason: why it is equivalent to the reference, as the reviewed list says.
    """

    question: str
    function: str
    operator: str
    line: int
    before: str
    after: str
    diff: str
    fate: Fate
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class MutationReport:
    """All mutants of an assignment's reference, in the order of its text."""

    mutants: tuple[Mutant, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class NullFit:
    """How well a statistic of a random check follows the distribution that it declares, over runs of the reference.

    p_value: of the Kolmogorov-Smirnov distance of its p-values from the uniform distribution.
    one_sided: the declared distribution is only an upper bound, so that p-values may be too large but not too small.
    """

    question: str
    check: str
    statistic: str
    runs: int
    p_value: float
    one_sided: bool


@dataclass(frozen=True)
class Power:
    """How often the random checks let a mistake through. by: how many of the runs each check caught."""

    question: str
    mistake: str
    runs: int
    misses: int
    by: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class PowerReport:
    """What measuring the random checks of an assignment gave, in the order of the checks and of the bank."""

    null_fits: tuple[NullFit, ...] = ()
    powers: tuple[Power, ...] = ()
    findings: tuple[Finding, ...] = ()
