"""From formulas and facts to interval sets: a formula becomes a program for the engine of ``core.time``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from fugong.core.protocol import formula as ast
from fugong.core.time import LANE, IntervalSet, empty
from fugong.core.time.engine import Instruction, Op, Program


def evaluate(formula: ast.Formula, facts: Mapping[str, IntervalSet], lanes: int) -> IntervalSet:
    """The instants at which ``formula`` holds, in each of the lanes 0..lanes-1.

    ``facts`` gives, for each kind, the instants at which a fact of that kind holds, with nothing beyond these lanes;
    a kind that it lacks is false everywhere.
    """
    names, program = compiled(formula)
    nothing = empty()
    return program.run([facts.get(name, nothing) for name in names], lanes)


@lru_cache(maxsize=1024)
def compiled(formula: ast.Formula) -> tuple[tuple[str, ...], Program]:
    """The formula as a program, and the kinds that are its inputs, in order. Equal parts are computed once."""
    names = tuple(sorted(ast.kinds_of(formula)))
    compiler = _Compiler({name: i for i, name in enumerate(names)})
    result = compiler.register(formula)
    if not compiler.code or result != len(names) + len(compiler.code) - 1:
        compiler.emit(Op.COPY, result)
    return names, Program(len(names), compiler.code)


class _Compiler:
    def __init__(self, inputs: dict[str, int]) -> None:
        self.inputs = inputs
        self.code: list[Instruction] = []
        self._made: dict[Instruction, int] = {}

    def emit(self, op: Op, a: int = 0, b: int = 0, *more: int) -> int:
        instruction = Instruction(op, a, b, *more)
        if instruction not in self._made:
            self.code.append(instruction)
            self._made[instruction] = len(self.inputs) + len(self.code) - 1
        return self._made[instruction]

    def register(self, formula: ast.Formula) -> int:  # noqa: PLR0911 - one case for each operator
        """The register that holds the formula's value; emits what computes it."""
        match formula:
            case ast.Kind(name):
                return self.inputs[name]
            case ast.Constant(value):
                return self.emit(Op.FULL if value else Op.EMPTY)
            case ast.Not(operand):
                return self.emit(Op.COMPLEMENT, self.register(operand))
            case ast.And(operands):
                return self._and(operands)
            case ast.Or(operands):
                return self._fold(Op.UNION, [self.register(f) for f in operands])
            case ast.Implies(left, right):
                return self.emit(Op.UNION, self.emit(Op.COMPLEMENT, self.register(left)), self.register(right))
            case ast.Once(operand, window):
                return self.emit(Op.ONCE, self.register(operand), 0, *_bounds(window))
            case ast.Historically(operand, window):
                return self.emit(Op.HISTORICALLY, self.register(operand), 0, *_bounds(window))
            case ast.Since(left, right, window):
                return self.emit(Op.SINCE, self.register(left), self.register(right), *_bounds(window))
            case ast.Count(operand, window, least, spacing):
                apart = spacing.seconds if spacing else 0
                return self.emit(Op.COUNT, self.register(operand), 0, *_bounds(window), least, apart)
            case _:
                raise TypeError(f"not a formula: {formula!r}")

    def _and(self, operands: tuple[ast.Formula, ...]) -> int:
        """Intersect what is stated and subtract what is denied: no complement of a whole lane need be written."""
        stated = [self.register(f) for f in operands if not isinstance(f, ast.Not)]
        denied = [self.register(f.operand) for f in operands if isinstance(f, ast.Not)]
        if not stated:
            return self.emit(Op.COMPLEMENT, self._fold(Op.UNION, denied))
        result = self._fold(Op.INTERSECTION, stated)
        for register in denied:
            result = self.emit(Op.DIFFERENCE, result, register)
        return result

    def _fold(self, op: Op, registers: list[int]) -> int:
        result = registers[0]
        for register in registers[1:]:
            result = self.emit(op, result, register)
        return result


def _bounds(window: ast.Window) -> tuple[int, int]:
    return window.low.seconds, LANE if window.high is None else window.high.seconds
