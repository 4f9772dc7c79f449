"""Protocols: formulas of past-time metric temporal logic, and the kinds that they speak of."""

from fugong.core.protocol.evaluation import evaluate
from fugong.core.protocol.formula import Formula, kinds_of
from fugong.core.protocol.parsing import FormulaError, nearest, parse
from fugong.core.protocol.vocabulary import VOCABULARY, KindDoc

__all__ = ["VOCABULARY", "Formula", "FormulaError", "KindDoc", "evaluate", "kinds_of", "nearest", "parse"]
