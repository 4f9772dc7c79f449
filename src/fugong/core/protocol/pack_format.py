"""The form of a protocol pack's YAML: which keys, which values. Its JSON Schema is :func:`schema`.

``docs/protocol-packs.md`` explains every part; here is what may stand where.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from fugong.core.protocol.operations import Operations
from fugong.core.text import Text

PERMISSIONS = ("board", "enter", "work", "visit", "leave_observation")
"""The permissions that a pack may give rules for."""

PERMISSION_TITLES = {
    "board": Text("乘车", "board"),
    "enter": Text("进厂", "enter"),
    "work": Text("上岗", "work"),
    "visit": Text("来访", "visit"),
    "leave_observation": Text("解除观察", "leave observation"),
}
"""What people call them."""

Permission = Literal["board", "enter", "work", "visit", "leave_observation"]


class _Form:
    """Text of one form; a text of another gets an error that shows the form."""

    def __init__(self, pattern: str, zh: str, en: str, example: str) -> None:
        self.pattern, self.form, self.example = re.compile(pattern), Text(zh, en), example

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^(?:{self.pattern.pattern})$", "examples": [self.example]}

    def _check(self, value: str) -> str:
        if not self.pattern.fullmatch(value):
            raise _wrong_form(self.form)
        return value


def _wrong_form(form: Text) -> PydanticCustomError:
    return PydanticCustomError("pattern", "wrong form", {"form": form})


def _is_moment(value: str) -> str:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        form = Text(
            "2020-03-01 或 2020-03-01T00:00:00+08:00", "a moment such as 2020-03-01 or 2020-03-01T00:00:00+08:00"
        )
        raise PydanticCustomError("pattern", "wrong form", {"form": form}) from None
    return value


def _is_date(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise _wrong_form(Text("2020-03-01", "a date such as 2020-03-01")) from None
    return value


def _is_url(value: str) -> str:
    if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).netloc:
        raise _wrong_form(Text("https://…", "an address such as https://…"))
    return value


_REFERENCE = r"\$[a-z][a-z0-9_]*"
Name = Annotated[
    str,
    _Form(
        r"[a-z][a-z0-9_]*", "小写字母、数字和下划线", "a name of small letters, digits and underscores", "fever_limit"
    ),
]
KindName = Annotated[
    str,
    _Form(
        r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*",
        "test.negative 这样的名称",
        "a name such as test.negative",
        "test.negative",
    ),
]
PackId = Annotated[
    str,
    _Form(r"[a-z0-9]+(?:-[a-z0-9]+)*", "jinfeng-2020-03 这样的标识", "an id such as jinfeng-2020-03", "cn-2022-48h"),
]
Reference = Annotated[str, _Form(_REFERENCE, "$参数名", "the name of a parameter, as $name", "$fever_limit")]
Length = Annotated[
    str,
    _Form(
        rf"(?:[0-9]{{1,6}}[smhd])+|inf|{_REFERENCE}",
        "48h、14d、1d12h、inf 或 $参数名",
        "a length of time such as 48h, 14d, 1d12h or inf, or a parameter as $name",
        "48h",
    ),
]
ClockTime = Annotated[
    str,
    _Form(
        rf"(?:[01][0-9]|2[0-3]):[0-5][0-9]|{_REFERENCE}",
        "10:00 或 $参数名",
        "a time of day such as 10:00, or a parameter as $name",
        "10:00",
    ),
]
Moment = Annotated[str, AfterValidator(_is_moment)]
Date = Annotated[str, AfterValidator(_is_date)]
Address = Annotated[str, AfterValidator(_is_url)]
Sentence = Annotated[str, Field(min_length=1)]


def _whole_or_reference(value: Any) -> str:
    return "reference" if isinstance(value, str) else "number"


def _shape(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "word"


Number = Annotated[
    Annotated[float, Tag("number"), Field(allow_inf_nan=False)] | Annotated[Reference, Tag("reference")],
    Discriminator(_whole_or_reference),
]
Whole = Annotated[
    Annotated[int, Tag("number"), Field(ge=0, le=3650)] | Annotated[Reference, Tag("reference")],
    Discriminator(_whole_or_reference),
]
Scalar = str | int | float | bool


class _Spec(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)


class Words(_Spec):
    """A sentence in both languages."""

    zh: Sentence
    en: Sentence


class InForce(_Spec):
    """From when to when the rules were in force; a date means its local midnight."""

    from_: Moment = Field(alias="from")
    to: Moment | None = None


class SourceSpec(_Spec):
    """A document on which the pack rests, and how sure we are of it."""

    title: Sentence
    url: Address | None = None
    date: Date | None = None
    confidence: Literal["official", "press", "summary", "general", "own"]
    note: Words | None = None


class ParameterSpec(_Spec):
    """A number or a choice that may be set otherwise."""

    value: Scalar
    unit: Literal["s", "m", "h", "d", "days", "celsius", "count", "minutes", "time_of_day", "choice"]
    title: Words
    choices: list[str] | None = None
    source: str = ""


class ConditionSpec(_Spec):
    """What a raw value must be; a value that is missing meets only ``given: false``."""

    equals: Scalar | None = None
    one_of: list[Scalar] | None = Field(default=None, min_length=1)
    includes: str | None = None
    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None
    given: bool | None = None


Condition = Annotated[Annotated[ConditionSpec, Tag("mapping")] | Annotated[Scalar, Tag("word")], Discriminator(_shape)]


class LocalSpec(_Spec):
    """A time of day on the n-th local day after the one in which the clock's moment falls.

    That day is day 0. ``day: n`` is on day n; ``after_day: n`` is when day n is over, on the day that follows.
    """

    day: Whole | None = None
    after_day: Whole | None = None
    at: ClockTime


class AfterSpec(_Spec):
    """So long after the clock's moment."""

    after: Length


def _bound(value: Any) -> str:
    return "after" if isinstance(value, dict) and "after" in value else "local"


BoundSpec = Annotated[Annotated[AfterSpec, Tag("after")] | Annotated[LocalSpec, Tag("local")], Discriminator(_bound)]


class HoldsSpec(_Spec):
    """From when to when the derived kind holds; unsaid ends are the clock's moment and the fact's own end."""

    from_: BoundSpec | None = Field(default=None, alias="from")
    until: BoundSpec | None = None
    for_: Length | None = Field(default=None, alias="for")


Holds = Annotated[
    Annotated[HoldsSpec, Tag("mapping")] | Annotated[Literal["own", "event", "latest"], Tag("word")],
    Discriminator(_shape),
]


class ThroughSpec(_Spec):
    """The worker's fact whose field names the subject that the derivation's own fact is about."""

    kind: Name
    field: Name
    enclosing: bool = False
    where: dict[Name, Condition] = {}


class UnlessSpec(_Spec):
    """The fact doesn't count if one of this kind begins after the one moment and not after the other."""

    kind: Name
    after: str
    until: str


class RuleSpec(_Spec):
    """One way in which a raw fact makes a derived kind hold."""

    from_: Name = Field(alias="from")
    where: dict[Name, Condition] = {}
    clock: str | None = None
    holds: Holds = "own"
    through: ThroughSpec | None = None
    unless: UnlessSpec | None = None


class RequirementSpec(_Spec):
    """A named requirement: what must hold, for whom, and what people are told when it doesn't."""

    title: Words
    binds: Sentence | None = None
    formula: Sentence
    message: Words
    remedy: Words
    door_message: Words
    on_the_spot: bool = False


class PlausibleSpec(_Spec):
    """Which temperatures somebody who stands at a door can have; others are slips of hand or of the thermometer."""

    from_: Number = Field(default=34.0, alias="from")
    to: Number = 42.5


class DoorSpec(_Spec):
    """What a door measures and asks, and how old its copy of the clearances may be."""

    fever_limit: Number | None = None
    plausible: PlausibleSpec = PlausibleSpec()
    mask: bool = False
    gloves: bool = False
    second_measurement_minutes: Whole | None = None
    second_method: Words | None = None
    stale_warning_minutes: Whole = 60
    stale_limit_minutes: Whole = 1440


class ColourSpec(_Spec):
    """A code colour, for those whom its formula, permission or requirements fit and no colour before it.

    The last one has none of the three: it is everybody else's.
    """

    name: Name
    title: Words
    formula: Sentence | None = None
    permission: Permission | None = None
    requirements: list[str] | None = None


class PackSpec(_Spec):
    """A protocol pack: one authority's rules from one document, for one span of time."""

    pack: PackId
    version: Sentence
    title: Words
    issuer: Words
    in_force: InForce
    timezone: Sentence
    sources: list[SourceSpec] = Field(min_length=1)
    parameters: dict[Name, ParameterSpec] = {}
    facts: dict[Name, Literal["event", "state"]]
    kinds: dict[KindName, Words] = {}
    derivations: dict[KindName, Annotated[list[RuleSpec], Field(min_length=1)]]
    requirements: dict[Name, RequirementSpec]
    permissions: dict[Permission, list[str]]
    door: DoorSpec = DoorSpec()
    operations: Operations = Operations()
    colours: list[ColourSpec] = []


def schema() -> dict[str, Any]:
    """The JSON Schema of a pack, for editors that complete and check YAML as people type."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **PackSpec.model_json_schema(by_alias=True)}
