"""From text to formula, with errors that people understand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from lark import Lark, Token, Transformer_NonRecursive, UnexpectedCharacters, UnexpectedToken, v_args
from lark.exceptions import VisitError

from fugong.core.protocol import formula as ast
from fugong.core.text import CoreError, Text

_GRAMMAR = r"""
?start: implication
?implication: disjunction
            | disjunction "implies" implication               -> implies
?disjunction: conjunction
            | conjunction ("or" conjunction)+                 -> or_
?conjunction: relation
            | relation ("and" relation)+                      -> and_
?relation: operand
         | relation "since" [window] operand                  -> since
?operand: "not" operand                                       -> not_
        | "once" [window] operand                             -> once
        | "historically" [window] operand                     -> historically
        | "count" window "(" implication ["," "spaced" duration] ")" ">=" NUMBER -> count
        | "true"                                              -> true
        | "false"                                             -> false
        | KIND                                                -> kind
        | "(" implication ")"
window: "[" duration "," (duration | INF) "]"
duration: NUMBER | PARAMETER
INF: "inf"
KIND: /[^\W\d]\w*(\.\w+)*/
NUMBER: /[0-9]\w*/
PARAMETER: /\$[^\W\d]\w*(\.\w+)*/
%ignore /\s+/
%ignore /#[^\n]*/
"""

MOST_SECONDS = 1 << 35
"""The longest duration that a formula may name (about a thousand years); beyond it, write ``inf``."""
_DEEPEST = 100
_OPERAND = Text("一个类别名或公式", "a kind or a formula")
_WORDS = {
    "KIND": _OPERAND,
    "NUMBER": Text("时长或数字（如 48h、14d、2）", "a duration or a number (such as 48h, 14d, 2)"),
    "PARAMETER": Text("参数（如 $limit）", "a parameter (such as $limit)"),
    "INF": Text("inf（无限）", "inf (for ever)"),
    "$END": Text("公式结束", "the end of the formula"),
    "LPAR": Text("左括号 (", "an opening parenthesis ("),
    "RPAR": Text("右括号 )", "a closing parenthesis )"),
    "LSQB": Text("时间窗口（如 [0,48h]）", "a window (such as [0,48h])"),
    "RSQB": Text("右方括号 ]", "a closing bracket ]"),
    "COMMA": Text("逗号 ,", "a comma ,"),
    "SPACED": Text("“spaced”（间隔）", "“spaced”"),
    **{word.upper(): Text(f"“{word}”", f"“{word}”") for word in ("and", "or", "implies", "since")},
}
# what may begin an operand is one thing to a reader, however many tokens it is to the parser
_BEGINS_OPERAND = {"KIND", "NOT", "ONCE", "HISTORICALLY", "COUNT", "TRUE", "FALSE"}
_KEYWORDS = ("not", "and", "or", "implies", "once", "historically", "since", "count", "spaced", "inf", "true", "false")
_DURATION = re.compile(r"(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s?)?")


class FormulaError(CoreError):
    """A text that is no formula: where, what was expected there, and what may have been meant."""

    def __init__(
        self,
        line: int,
        column: int,
        problem: Text,
        *,
        expected: Iterable[Text] = (),
        suggestions: Iterable[str] = (),
    ) -> None:
        self.line, self.column, self.problem = line, column, problem
        self.expected, self.suggestions = tuple(expected), tuple(suggestions)
        zh, en = f"第 {line} 行第 {column} 列：{problem.zh}", f"line {line}, column {column}: {problem.en}"
        if self.expected:
            zh += "；此处应为" + "、".join(t.zh for t in self.expected)
            en += "; expected " + _alternatives([t.en for t in self.expected])
        if self.suggestions:
            zh += "；是否想写 " + "、".join(self.suggestions) + "？"
            en += f"; did you mean {_alternatives(self.suggestions)}?"
        super().__init__(zh, en)


def parse(
    text: str, *, kinds: Collection[str] | None = None, parameters: Mapping[str, int] | None = None
) -> ast.Formula:
    """The formula that ``text`` states.

    ``kinds`` are the kinds that it may speak of (any, when it is None); ``parameters`` the seconds that ``$name``
    stands for in windows. :class:`FormulaError` when the text is no formula, names an unknown kind or parameter, or
    states a window that ends before it begins or a number below one.
    """
    try:
        tree = _parser().parse(text)
    except UnexpectedCharacters as e:
        raise _character(text, e) from None
    except UnexpectedToken as e:
        raise _token(text, e) from None
    try:
        found = _Builder(kinds, parameters or {}).transform(tree)
    except VisitError as e:
        raise e.orig_exc from None
    formula = cast(ast.Formula, found)
    _check_depth(formula)
    return formula


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """Up to three of ``known`` that look most like ``word``."""
    names = sorted(set(known))
    close = get_close_matches(word, names, n=3, cutoff=0.6)
    if not close:  # perhaps only the last or the first part of a dotted name is right
        close = [n for n in names if set(n.split(".")) & set(word.split("."))][:3]
    return close


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="basic", maybe_placeholders=True)


def _alternatives(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def _character(text: str, error: UnexpectedCharacters) -> FormulaError:
    found = text[error.pos_in_stream or 0]
    return FormulaError(
        error.line,
        error.column,
        Text(f"不认识的字符“{found}”", f"the character “{found}” means nothing here"),
    )


def _token(text: str, error: UnexpectedToken) -> FormulaError:
    token, accepts = error.token, set(error.accepts or error.expected)
    expected = [_OPERAND] if accepts & _BEGINS_OPERAND else []
    expected += [
        _WORDS.get(name, Text("“>=”", "“>=”"))
        for name in sorted(accepts - _BEGINS_OPERAND - {"LPAR" if expected else ""})
    ]
    if token.type == "$END":
        before = text.rstrip()
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        problem = Text("公式不完整", "the formula ends too early")
        return FormulaError(line, column, problem, expected=expected)
    words = [w for w in _KEYWORDS if w.upper() in accepts]
    suggestions = get_close_matches(token.lower(), words, n=2) if token.type == "KIND" else []
    problem = Text(f"不应出现 “{token}”", f"“{token}” can't stand here")
    return FormulaError(token.line or 1, token.column or 1, problem, expected=expected, suggestions=suggestions)


def _at(token: Token, problem: Text, **more: Any) -> FormulaError:
    return FormulaError(token.line or 1, token.column or 1, problem, **more)


def _check_depth(formula: ast.Formula) -> None:
    level, depth = [formula], 0
    while level:
        depth += 1
        if depth > _DEEPEST:
            raise FormulaError(
                1,
                1,
                Text(
                    f"公式嵌套超过 {_DEEPEST} 层，请拆成几个公式",
                    f"the formula is nested more than {_DEEPEST} deep: split it into several",
                ),
            )
        level = [part for f in level for part in ast.parts(f)]


def _seconds(token: Token) -> int:
    match = _DURATION.fullmatch(token)
    if not match:
        raise _at(
            token,
            Text(
                f"“{token}” 不是时长；请写整数加单位 s、m、h、d，从大到小（如 1d12h）",
                f"“{token}” is no duration: write whole numbers with the units d, h, m, s, "
                "largest first (such as 1d12h)",
            ),
        )
    sizes = (86_400, 3_600, 60, 1)
    # a number of more than twelve digits is too long in any unit
    numbers = [min(len(n.lstrip("0")), 13) and (int(n) if len(n) <= 12 else MOST_SECONDS) for n in match.groups("0")]
    total = sum(number * size for number, size in zip(numbers, sizes, strict=True))
    if total >= MOST_SECONDS:
        raise _at(
            token,
            Text(f"时长 {token} 太长；无限请写 inf", f"the duration {token} is too long; for ever is written inf"),
        )
    return total


if TYPE_CHECKING:
    _Transformer = Transformer_NonRecursive[Token, Any]
else:  # Lark knows the parameters only in its stubs
    _Transformer = Transformer_NonRecursive

_rule = cast(Callable[[Any], Any], v_args(inline=True))


class _Builder(_Transformer):
    """Builds the formula from the parse tree, and checks what a grammar can't."""

    def __init__(self, kinds: Collection[str] | None, parameters: Mapping[str, int]) -> None:
        super().__init__()
        self.kinds, self.parameters = kinds, parameters

    def and_(self, operands: list[ast.Formula]) -> ast.Formula:
        return ast.And(tuple(operands))

    def or_(self, operands: list[ast.Formula]) -> ast.Formula:
        return ast.Or(tuple(operands))

    def true(self, _: list[Any]) -> ast.Formula:
        return ast.Constant(True)

    def false(self, _: list[Any]) -> ast.Formula:
        return ast.Constant(False)

    @_rule
    def implies(self, left: ast.Formula, right: ast.Formula) -> ast.Formula:
        return ast.Implies(left, right)

    @_rule
    def not_(self, operand: ast.Formula) -> ast.Formula:
        return ast.Not(operand)

    @_rule
    def once(self, window: ast.Window | None, operand: ast.Formula) -> ast.Formula:
        return ast.Once(operand, window or ast.EVER)

    @_rule
    def historically(self, window: ast.Window | None, operand: ast.Formula) -> ast.Formula:
        return ast.Historically(operand, window or ast.EVER)

    @_rule
    def since(self, left: ast.Formula, window: ast.Window | None, right: ast.Formula) -> ast.Formula:
        return ast.Since(left, right, window or ast.EVER)

    @_rule
    def count(
        self, window: ast.Window, operand: ast.Formula, spacing: tuple[Token, ast.Duration] | None, number: Token
    ) -> ast.Formula:
        if not number.isascii() or not number.isdigit() or len(number) > 9 or int(number) < 1:
            raise _at(
                number,
                Text(
                    f"次数应为 1 至 999999999 的整数，不是 {number}",
                    f"a count is a whole number from 1 to 999999999, not {number}",
                ),
            )
        return ast.Count(operand, window, int(number), spacing[1] if spacing else None)

    @_rule
    def kind(self, token: Token) -> ast.Formula:
        name = str(token)
        if self.kinds is not None and name not in self.kinds:
            problem = Text(f"不认识的类别 {name}", f"unknown kind {name}")
            raise _at(token, problem, suggestions=nearest(name, self.kinds))
        return ast.Kind(name)

    @_rule
    def duration(self, token: Token) -> tuple[Token, ast.Duration]:
        if token.type == "NUMBER":
            return token, ast.Duration(_seconds(token))
        name = str(token)[1:]
        if name not in self.parameters:
            problem = Text(f"不认识的参数 ${name}", f"unknown parameter ${name}")
            raise _at(token, problem, suggestions=[f"${n}" for n in nearest(name, self.parameters)])
        seconds = self.parameters[name]
        if not 0 <= seconds < MOST_SECONDS:
            problem = Text(f"参数 ${name} 不是时长：{seconds}", f"the parameter ${name} is no duration: {seconds}")
            raise _at(token, problem)
        return token, ast.Duration(seconds, name)

    @_rule
    def window(self, low: tuple[Token, ast.Duration], high: tuple[Token, ast.Duration] | Token) -> ast.Window:
        token, least = low
        if isinstance(high, Token):
            return ast.Window(least, None)
        if least.seconds > high[1].seconds:
            raise _at(
                token,
                Text(
                    f"时间窗口 [{least},{high[1]}] 的起点比终点更早；请先写较短的时长",
                    f"the window [{least},{high[1]}] ends before it begins: write the shorter duration first",
                ),
            )
        return ast.Window(least, high[1])
