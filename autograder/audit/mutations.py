"""Small changes of a definition's text, each of a kind that a slip of the pen makes: the mutants of a reference.

A rule takes a node of the syntax tree and gives what may stand in its place; `RULES` is the list of them. Left alone
are docstrings, annotations, decorators, and all that a `raise` or a `warnings.warn` says: the words are nobody's
contract. (That something is raised, or warned of, is: these statements are deleted.)
"""

import ast
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

import libcst as cst

Rule = Callable[[cst.CSTNode], Iterator[cst.CSTNode]]

LOOSE = (cst.BinaryOperation, cst.UnaryOperation, cst.Comparison, cst.BooleanOperation, cst.IfExp, cst.Lambda)


@dataclass(frozen=True)
class Mutation:
    """A definition with one small change. source: its whole new text. line: of the change, counted from 0.

    before, after: the lines that differ, without their indentation.
    """

    operator: str
    source: str
    line: int
    before: str
    after: str


@functools.lru_cache(maxsize=256)
def mutations(source: str) -> tuple[Mutation, ...]:
    """The mutants of one definition, in the order of its text. Each parses, and no two are the same program."""
    module = cst.parse_module(source)
    seen = {_program(source)}
    found = []
    for node in walk(module):
        for operator, rule in RULES.items():
            for replacement in rule(node):
                text = _replaced(module, node, replacement)
                try:
                    program = _program(text)
                except SyntaxError:
                    continue
                if program not in seen:
                    seen.add(program)
                    found.append(Mutation(operator, text, *_difference(source, text)))
    return tuple(sorted(found, key=lambda item: item.line))


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all below it that may be changed, outer ones first, in the order of the text."""
    if _called(node) == "warn":
        return
    yield node
    for child in node.children:
        if not _is_left_alone(child, node):
            yield from walk(child)


def _is_left_alone(child: cst.CSTNode, parent: cst.CSTNode) -> bool:
    match parent, child:
        case _, cst.Annotation() | cst.Decorator() | cst.FormattedString() | cst.Import() | cst.ImportFrom():
            return True
        case cst.Expr(), cst.SimpleString() | cst.ConcatenatedString():
            return True  # a docstring
        case cst.Raise(), _:
            return True
        case cst.For(target=target) | cst.CompFor(target=target) | cst.AssignTarget(target=target), _:
            return child is target and not isinstance(target, cst.Subscript)
    return False


def _replaced(module: cst.Module, node: cst.CSTNode, replacement: cst.CSTNode) -> str:
    """The text with the replacement in the node's place, in parentheses where it would be read otherwise."""
    text = _code(module.deep_replace(node, replacement))
    if not isinstance(replacement, LOOSE) or replacement.lpar:
        return text
    safe = _code(module.deep_replace(node, _parenthesized(replacement)))
    try:
        return text if ast.dump(ast.parse(text)) == ast.dump(ast.parse(safe)) else safe
    except SyntaxError:
        return safe


def _program(text: str) -> str:
    """What a text says as a program: without comments, parentheses that don't matter, and double minus signs."""
    return ast.unparse(ast.parse(text)).replace("--", "")


def _difference(before: str, after: str) -> tuple[int, str, str]:
    """Line of the first difference, and the lines between the first and the last, of both texts."""
    old, new = before.split("\n"), after.split("\n")
    shortest = min(len(old), len(new))
    start = next(i for i in range(shortest) if old[i] != new[i])
    end = next((i for i in range(shortest - start) if old[-1 - i] != new[-1 - i]), shortest - start)
    return start, _stripped(old[start : len(old) - end]), _stripped(new[start : len(new) - end])


def _stripped(lines: Sequence[str]) -> str:
    return "\n".join(line.strip() for line in lines)


# ---- reading and writing expressions --------------------------------------------------------------------------------


def _parenthesized(node: cst.BaseExpression) -> cst.BaseExpression:
    if node.lpar or not isinstance(node, LOOSE):
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _bare(node: cst.BaseExpression) -> cst.BaseExpression:
    """A node without parentheses of its own; `_replaced` gives it those that it needs."""
    return node.with_changes(lpar=[], rpar=[]) if isinstance(node, LOOSE) else node


def _negative(node: cst.BaseExpression) -> cst.BaseExpression:
    return cst.UnaryOperation(cst.Minus(), _parenthesized(node))


def _called(node: cst.CSTNode) -> str:
    """The last name of what a call calls: `median` for np.median(x); empty for anything else."""
    match node:
        case cst.Call(func=cst.Name(value=name)) | cst.Call(func=cst.Attribute(attr=cst.Name(value=name))):
            return name
    return ""


def _positional(node: cst.Call) -> list[cst.BaseExpression]:
    return [argument.value for argument in node.args if argument.keyword is None and not argument.star]


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


# ---- the rules ------------------------------------------------------------------------------------------------------

NEAR: dict[type[cst.CSTNode], tuple[cst.CSTNode, ...]] = {  # what an operator may be taken for
    cst.Add: (cst.Subtract(),),
    cst.Subtract: (cst.Add(),),
    cst.Multiply: (cst.Divide(),),
    cst.Divide: (cst.Multiply(),),
    cst.FloorDivide: (cst.Divide(),),
    cst.Modulo: (cst.FloorDivide(),),
    cst.Power: (cst.Multiply(),),
    cst.MatrixMultiply: (cst.Multiply(),),
    cst.AddAssign: (cst.SubtractAssign(),),
    cst.SubtractAssign: (cst.AddAssign(),),
    cst.MultiplyAssign: (cst.DivideAssign(),),
    cst.DivideAssign: (cst.MultiplyAssign(),),
    cst.LessThan: (cst.LessThanEqual(), cst.GreaterThan()),
    cst.LessThanEqual: (cst.LessThan(), cst.GreaterThanEqual()),
    cst.GreaterThan: (cst.GreaterThanEqual(), cst.LessThan()),
    cst.GreaterThanEqual: (cst.GreaterThan(), cst.LessThanEqual()),
    cst.Equal: (cst.NotEqual(),),
    cst.NotEqual: (cst.Equal(),),
    cst.In: (cst.NotIn(),),
    cst.NotIn: (cst.In(),),
    cst.Is: (cst.IsNot(),),
    cst.IsNot: (cst.Is(),),
    cst.And: (cst.Or(),),
    cst.Or: (cst.And(),),
}

NEAR_NAMES = {
    "mean": ("sum", "median"),
    "median": ("mean",),
    "sum": ("mean",),
    "nanmean": ("nansum",),
    "cumsum": ("cumprod",),
    "min": ("max",),
    "max": ("min",),
    "minimum": ("maximum",),
    "maximum": ("minimum",),
    "argmin": ("argmax",),
    "argmax": ("argmin",),
    "all": ("any",),
    "any": ("all",),
    "std": ("var",),
    "var": ("std",),
    "zeros": ("ones",),
    "ones": ("zeros",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "greater": ("greater_equal", "less"),
    "greater_equal": ("greater", "less_equal"),
    "less": ("less_equal", "greater"),
    "less_equal": ("less", "greater_equal"),
}
BUILT_IN = ("min", "max", "all", "any")  # those of them that are called by the bare name

COPIES = ("array", "asarray", "copy", "deepcopy", "astype", "list", "tuple", "float", "int")
GUARDS = ("abs", "absolute", "fabs", "clip", "maximum", "minimum", "max", "min", "where", "sorted", "sort")
STEPS = ("sqrt", "exp", "log", "log1p", "expm1", "tanh", "square", "log_softmax", "softmax", "relu")
TURNS = ("swapaxes", "transpose", "moveaxis", "ravel", "flatten")
NUMBERS = (cst.Name, cst.Attribute, cst.Subscript, cst.Call, cst.BinaryOperation)  # for all that the text shows
SIGNLESS = (
    "abs",
    "norm",
    "range",
    "len",
    "zip",
    "enumerate",
    "sorted",
    "list",
    "isinstance",
    "print",
    "super",
    "reshape",
)
BLANKS = ("zeros", "zeros_like", "empty", "empty_like")  # arrays without a sign


def signs(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """-x → x, and x → -x for what is assigned, returned or passed to a function."""
    match node:
        case cst.UnaryOperation(operator=cst.Minus(), expression=expression):
            yield _bare(expression)
        case cst.Assign(value=value) | cst.Return(value=value) if _has_sign(value):
            yield node.with_changes(value=_negative(value))
        case cst.Call(args=arguments) if _called(node) not in (*SIGNLESS, *BLANKS):
            for argument in arguments:
                if not argument.keyword and not argument.star and _has_sign(argument.value):
                    changed = argument.with_changes(value=_negative(argument.value))
                    yield node.with_changes(args=[changed if item is argument else item for item in arguments])


def _has_sign(node: cst.BaseExpression | None) -> TypeGuard[cst.BaseExpression]:
    return isinstance(node, NUMBERS) and _called(node) not in BLANKS


def operators(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """An arithmetic operator taken for a near one; a - b → b - a, and the same for / and @."""
    match node:
        case cst.BinaryOperation(left=left, operator=operator, right=right):
            for near in NEAR.get(type(operator), ()):
                yield node.with_changes(operator=near)
            if isinstance(operator, cst.Subtract | cst.Divide | cst.MatrixMultiply):
                yield node.with_changes(left=_parenthesized(right), right=_parenthesized(left))
        case cst.AugAssign(operator=operator):
            for near in NEAR.get(type(operator), ()):
                yield node.with_changes(operator=near)
            yield cst.Assign([cst.AssignTarget(node.target)], node.value)


def comparisons(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """< → <= and >, == → !=, in → not in, and the like."""
    if isinstance(node, cst.ComparisonTarget):
        for near in NEAR.get(type(node.operator), ()):
            yield node.with_changes(operator=near)


def constants(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Another number, the other truth value; another text where it is compared or a key."""
    match node:
        case cst.Integer(value=text):
            whole = int(text, 0)
            yield from map(_number, {0: (1,), 1: (0, 2, -1)}.get(whole, (whole + 1, -whole)))
        case cst.Float(value=text):
            number = float(text)
            yield from map(
                _number, {0.0: (1.0,), 1.0: (0.0, 2.0, -1.0)}.get(number, (2 * number, 10 * number, -number))
            )
        case cst.Name(value="True" | "False" as text):
            yield cst.Name("False" if text == "True" else "True")
        case cst.Comparison():
            for text in _texts([node.left, *(target.comparator for target in node.comparisons)]):
                yield _changed_text(node, text)
        case cst.Dict(elements=elements):
            for text in _texts([item.key for item in elements if isinstance(item, cst.DictElement)]):
                yield _changed_text(node, text)
        case cst.Index(value=cst.SimpleString() as text):
            yield _changed_text(node, text)


def _number(value: float) -> cst.BaseExpression:
    return cst.parse_expression(repr(value))


def _texts(nodes: Sequence[cst.BaseExpression]) -> Iterator[cst.SimpleString]:
    for node in nodes:
        match node:
            case cst.SimpleString():
                yield node
            case cst.Tuple(elements=elements) | cst.List(elements=elements) | cst.Set(elements=elements):
                yield from _texts([item.value for item in elements])


def _changed_text(node: cst.CSTNode, text: cst.SimpleString) -> cst.CSTNode:
    changed = node.deep_replace(text, text.with_changes(value=f"{text.value[:-1]}_{text.value[-1]}"))
    assert isinstance(changed, cst.CSTNode)
    return changed


def dropped_terms(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """a + b → a and b; a * b → a and b; a ** b → a; `a and b` → a and b."""
    match node:
        case cst.BinaryOperation(left=left, operator=cst.Power(), right=_):
            yield _bare(left)
        case cst.BinaryOperation(left=left, right=right) | cst.BooleanOperation(left=left, right=right):
            yield _bare(left)
            yield _bare(right)


def swaps(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """f(a, b) → f(b, a), and the same for what stands in a list or tuple that is passed or returned."""
    match node:
        case cst.Call(args=arguments):
            free = [not item.keyword and not item.star for item in arguments]
            for i in range(len(arguments) - 1):
                if free[i] and free[i + 1]:
                    yield node.with_changes(args=_swapped(arguments, i))
        case cst.Arg(value=cst.List() | cst.Tuple() as several) | cst.Return(value=cst.List() | cst.Tuple() as several):
            for i in range(len(several.elements) - 1):
                yield node.with_changes(value=several.with_changes(elements=_swapped(several.elements, i)))


def _swapped(items: Sequence[cst.Arg | cst.BaseElement], i: int) -> list[cst.CSTNode]:
    """items with the values of the i-th and the next exchanged."""
    first, second = items[i], items[i + 1]
    exchanged = [first.with_changes(value=second.value), second.with_changes(value=first.value)]
    return [*items[:i], *exchanged, *items[i + 2 :]]


def axes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """axis=0 → axis=1 and back; a transpose dropped."""
    match node:
        case cst.Arg(keyword=cst.Name(value="axis" | "dim"), value=cst.Integer(value="0" | "1" as text)):
            yield node.with_changes(value=cst.Integer("1" if text == "0" else "0"))
        case cst.Attribute(value=inner, attr=cst.Name(value="T" | "mT")):
            yield inner
        case cst.Call(func=cst.Attribute(value=inner)) if _called(node) in TURNS:
            yield inner


def off_by_one(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """range(n) → range(n - 1) and range(n + 1), and range(1, n + 1) where the number of the round is used."""
    match node:
        case cst.Call(func=cst.Name(value="range"), args=arguments):
            last = arguments[min(1, len(arguments) - 1)]
            for by in (-1, 1):
                changed = last.with_changes(value=_one_off(last.value, by))
                yield node.with_changes(args=[changed if item is last else item for item in arguments])
        case (
            cst.For(target=target, iter=cst.Call(func=cst.Name(value="range"), args=[only]) as rounds)
            | cst.CompFor(target=target, iter=cst.Call(func=cst.Name(value="range"), args=[only]) as rounds)
        ) if _code(target) != "_":
            shifted = [cst.Arg(cst.Integer("1")), only.with_changes(value=_one_off(only.value, 1))]
            yield node.with_changes(iter=rounds.with_changes(args=shifted))


def _one_off(value: cst.BaseExpression, by: int) -> cst.BaseExpression:
    if isinstance(value, cst.Integer):
        return _number(int(value.value, 0) + by)
    operator = cst.Add() if by > 0 else cst.Subtract()
    return cst.BinaryOperation(_parenthesized(value), operator, cst.Integer("1"))


def removed_copies(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """np.array(x, ...) → x, x.copy() → x, float(x) → x."""
    if _called(node) in COPIES:
        yield from _what_goes_in(node)


def removed_steps(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """np.sqrt(x) → x, np.exp(x) → x, and the like."""
    if _called(node) in STEPS:
        yield from _what_goes_in(node)


def removed_guards(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """`if c` → if True and if False; `and` ↔ `or`; `not x` → x; abs(x) → x; where(c, a, b) → a and b; max(a, b) → a."""
    match node:
        case cst.If() | cst.CompIf():
            yield node.with_changes(test=cst.Name("True"))
            yield node.with_changes(test=cst.Name("False"))
        case cst.While():
            yield node.with_changes(test=cst.Name("False"))
        case cst.IfExp(body=body, orelse=otherwise):
            yield _bare(body)
            yield _bare(otherwise)
        case cst.BooleanOperation(operator=operator):
            for near in NEAR[type(operator)]:
                yield node.with_changes(operator=near)
        case cst.UnaryOperation(operator=cst.Not(), expression=expression):
            yield _bare(expression)
        case cst.Call() if _called(node) in GUARDS:
            yield from _what_goes_in(node)


def _what_goes_in(node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """What a call is about: the object of a method without arguments, the arguments that may stand for the result."""
    assert isinstance(node, cst.Call)
    name, arguments = _called(node), _positional(node)
    if isinstance(node.func, cst.Attribute) and (not arguments or name in ("astype", "reshape")):
        yield node.func.value
    elif name == "where":
        yield from arguments[1:]
    elif name in ("max", "min", "maximum", "minimum"):
        yield from arguments if len(arguments) > 1 else ()
    else:
        yield from arguments[:1]


def near_names(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """mean ↔ sum, min ↔ max, median → mean, zeros ↔ ones, and the like."""
    match node:
        case cst.Attribute(attr=cst.Name(value=name)):
            for near in NEAR_NAMES.get(name, ()):
                yield node.with_changes(attr=cst.Name(near))
        case cst.Call(func=cst.Name(value=name)) if name in BUILT_IN:
            for near in NEAR_NAMES[name]:
                yield node.with_changes(func=cst.Name(near))


def deleted_statements(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A call for its effect, an augmented assignment, `break`, `raise`, and any statement in a loop or a condition."""
    match node:
        case cst.Expr(value=value) if not isinstance(value, cst.SimpleString | cst.ConcatenatedString):
            yield cst.Pass()
        case cst.AugAssign() | cst.Raise() | cst.Break() | cst.Continue() | cst.Assert() | cst.Del():
            yield cst.Pass()
        case cst.For() | cst.While() | cst.If() | cst.Else() | cst.With():
            for line in node.body.body:
                if isinstance(line, cst.SimpleStatementLine):
                    yield node.deep_replace(line, line.with_changes(body=[cst.Pass()]))


def dropped_keywords(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """f(x, axis=0) → f(x)."""
    if isinstance(node, cst.Call):
        for argument in node.args:
            if argument.keyword:
                rest = [item for item in node.args if item is not argument]
                if rest and rest[-1] is node.args[-2]:
                    rest[-1] = rest[-1].with_changes(comma=argument.comma)
                yield node.with_changes(args=rest)


RULES: dict[str, Rule] = {
    "sign": signs,
    "operator": operators,
    "comparison": comparisons,
    "axis": axes,
    "constant": constants,
    "dropped term": dropped_terms,
    "swapped arguments": swaps,
    "off by one": off_by_one,
    "removed copy": removed_copies,
    "removed guard": removed_guards,
    "removed step": removed_steps,
    "near name": near_names,
    "deleted statement": deleted_statements,
    "dropped keyword": dropped_keywords,
}
