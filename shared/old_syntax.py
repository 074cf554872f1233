"""What an exception of cvxpy or numpy means where the code is written as it was years ago, or as one would expect.

Much of what is found about cvxpy is written for versions before 1.0. The exceptions that such code raises today say
little of what to write instead; here is a sentence for each.
"""

import re
from dataclasses import dataclass

from shared.kit.calling import Raised


@dataclass(frozen=True)
class Translation:
    """type_name and message: regular expressions for an exception's. sentence: what to do about it."""

    type_name: str
    message: str
    sentence: str


RENAMED = {  # what is gone → what is written today
    "cp.sum_entries": "cp.sum",
    "cp.max_entries": "cp.max",
    "cp.min_entries": "cp.min",
    "cp.mul_elemwise": "cp.multiply",
    "cp.mul": "@, or cp.multiply for the product of the entries",
    "cp.pow": "cp.square or cp.power",
    "cp.Semidef": "cp.Variable((n, n), PSD=True)",
    "cp.Symmetric": "cp.Variable((n, n), symmetric=True)",
    "cp.Bool": "cp.Variable(n, boolean=True)",
    "cp.Int": "cp.Variable(n, integer=True)",
    "np.float": "float",
    "np.int": "int",
    "np.bool": "bool",
    "np.asscalar": "a.item()",
}
MODULES = {"cp": "cvxpy", "np": "numpy"}

PSD = (
    "cvxpy can't tell that the kernel matrix K is positive semidefinite: rounding makes some of its eigenvalues a "
    "little negative. Say so: cp.quad_form(alpha, cp.psd_wrap(K)), or cp.quad_form(alpha, K, assume_PSD=True)."
)
OWN_FUNCTIONS = (
    "A function of numpy was called on an expression of cvxpy. Use cvxpy's own: cp.sum, cp.abs, cp.maximum, cp.square, "
    "cp.diff, cp.norm; and @ for the matrix product."
)
SHAPE = "Variable(n, 1) is now Variable((n, 1)): a shape is one tuple. Variable(n) has the shape (n,), as y does."

TRANSLATIONS = (
    *(
        Translation(
            "AttributeError",
            f"module '{MODULES[old[:2]]}' has no attribute '{old[3:]}'",
            f"{old} is gone: write {new}.",
        )
        for old, new in RENAMED.items()
    ),
    *(
        Translation("NameError", f"name '{old[3:]}' is not defined", f"{old} is gone: write {new}.")
        for old, new in RENAMED.items()
        if old.startswith("cp.")
    ),
    Translation(
        "TypeError",
        "'(Inequality|Equality|NonPos|Zero)' object is not iterable",
        "Constraints go in a list, even a single one: cp.Problem(objective, [constraint]).",
    ),
    Translation("TypeError", "Variable name .* must be a string|argument '(rows|cols)'", SHAPE),
    Translation(
        "TypeError", "argument 'sign'", 'sign="positive" is now nonneg=True, for a Parameter and for a Variable.'
    ),
    Translation("TypeError", "Expression.*argument '(out|dtype|ddof|where|initial)'", OWN_FUNCTIONS),
    Translation("RuntimeError", "NumPy function on a CVXPY expression", OWN_FUNCTIONS),
    Translation("ValueError", "diff requires input that is at least|number of dimensions to norm", OWN_FUNCTIONS),
    Translation("ValueError", "setting an array element with a sequence", OWN_FUNCTIONS),
    Translation("ArpackNoConvergence|ArpackError", "", PSD),
    Translation("DCPError", r"\nQuadForm\(\w+, \[|[-+*] QuadForm\(\w+, \[", PSD),
    Translation(
        "DCPError",
        r"var\d+ (@|\*) \[\[[^\]]*\](.|\n)*(@|\*) var\d+",
        "cvxpy doesn't see that alpha' K alpha is convex where it is written as a product: write "
        "cp.quad_form(alpha, cp.psd_wrap(K)).",
    ),
    Translation(
        "DCPError", r"param\d+ \*", "A penalty that is a Parameter has to be known as nonnegative: nonneg=True."
    ),
    Translation("DCPError", "trying to maximize", "A convex function is minimised, not maximised: cp.Minimize."),
    Translation(
        "LinAlgError",
        "not positive definite",
        "Up to rounding the kernel matrix K is singular, so it has no Cholesky factor. Add a little, such as 1e-8, to "
        "its diagonal for this; or take a square root from np.linalg.eigh; or use cp.psd_wrap(K).",
    ),
    Translation(
        "LinAlgError",
        "Singular matrix",
        "Up to rounding the kernel matrix K is singular, so it can't be inverted. K + lam I can.",
    ),
    Translation(
        "Exception",
        "truth value of a constraint",
        "A constraint is neither true nor false before the problem is solved: no chain (a <= z <= b), no `and`, no "
        "`if`. Put one constraint for each side into the list.",
    ),
    Translation("NotImplementedError", "Strict inequalities", "cvxpy has no strict inequalities: write >= or <=."),
    Translation(
        "SolverError",
        "is not installed",
        "That solver isn't installed here. Leave the choice to cvxpy, or name cp.CLARABEL, cp.OSQP or cp.SCS.",
    ),
    Translation(
        "ValueError",
        "must resolve to a scalar",
        "What is minimised has to be one number: add the losses up, with cp.sum or cp.sum_squares.",
    ),
    Translation("ParameterError", "does not have a value", "A Parameter needs its .value before problem.solve()."),
)


def translation(raised: Raised) -> str:
    """What to do about an exception, in a sentence or two; empty for one that isn't known here."""
    for known in TRANSLATIONS:
        if re.fullmatch(known.type_name, raised.type_name) and re.search(known.message, raised.message):
            return known.sentence
    return ""
