"""A second oracle: rtamt, a published monitor, where its conventions and ours agree.

It clips windows at the start of its trace, so every trace begins with more empty seconds than the formula looks back,
and only what comes after these is compared. It has no ``count``; windows that look back for ever would remember the
clipped seconds, so all windows are bounded here.
"""

from __future__ import annotations

import rtamt
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import KINDS, Facts, intervals, packed
from fugong.core.protocol import Formula, evaluate
from fugong.core.protocol import formula as ast
from fugong.core.time import lane

LEAD, LENGTH = 80, 180

windows = st.tuples(st.integers(0, 4), st.integers(0, 7)).map(
    lambda p: ast.Window(ast.Duration(p[0]), ast.Duration(p[0] + p[1]))
)
kinds = st.sampled_from([ast.Kind(k) for k in KINDS])


def nested(depth: int) -> st.SearchStrategy[Formula]:
    if not depth:
        return kinds
    part, other = nested(depth - 1), st.one_of(kinds, nested(depth - 1))
    return st.one_of(
        st.builds(ast.Not, part),
        st.builds(lambda a, b: ast.And((a, b)), part, other),
        st.builds(lambda a, b: ast.Or((a, b)), other, part),
        st.builds(ast.Implies, part, other),
        st.builds(ast.Once, part, windows),
        st.builds(ast.Historically, part, windows),
        st.builds(ast.Since, part, other, windows),
    )


def theirs(formula: Formula) -> str:
    """The formula in rtamt's words: true is 1, false is -1."""
    parts = [theirs(part) for part in ast.parts(formula)]
    window = getattr(formula, "window", None)
    bounds = "" if window is None else f"[{window.low.seconds}:{window.high.seconds}]"
    match formula:
        case ast.Kind(name):
            return f"({name} > 0)"
        case ast.Not():
            return f"(not {parts[0]})"
        case ast.And():
            return f"({parts[0]} and {parts[1]})"
        case ast.Or():
            return f"({parts[0]} or {parts[1]})"
        case ast.Implies():
            return f"({parts[0]} implies {parts[1]})"
        case ast.Once():
            return f"(once{bounds} {parts[0]})"
        case ast.Historically():
            return f"(historically{bounds} {parts[0]})"
        case ast.Since():
            return f"({parts[0]} since{bounds} {parts[1]})"
        case _:
            raise TypeError(formula)


def monitored(formula: Formula, facts: Facts) -> list[bool]:
    """What rtamt says at every second from 0 on."""
    monitor = rtamt.StlDiscreteTimeSpecification()
    data: dict[str, list[float]] = {"time": list(range(LEAD + LENGTH))}
    for kind in KINDS:
        monitor.declare_var(kind, "float")
        held = {t for start, end in facts.get(kind, []) for t in range(start or 0, end or 0)}
        data[kind] = [1.0 if t - LEAD in held else -1.0 for t in range(LEAD + LENGTH)]
    monitor.spec = theirs(formula)
    monitor.parse()
    return [robustness > 0 for _, robustness in monitor.evaluate(data)][LEAD:]


bounded = intervals().map(lambda found: [(s + 8, e + 8) for s, e in found if s is not None and e is not None])


@settings(max_examples=80, deadline=None)
@given(nested(3), st.fixed_dictionaries(dict.fromkeys(KINDS, bounded)))
def test_agrees_with_rtamt(formula: Formula, facts: Facts) -> None:
    found = lane(evaluate(formula, packed([facts]), 1), 0)
    ours = [any(start <= t < end for start, end in found) for t in range(LENGTH)]
    assert ours == monitored(formula, facts)
