"""Step functions against the oracles: every bit is what its requirement says, second by second."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.cases import formulas, lanes, packed
from core.oracle import holds
from fugong.core.protocol import steps as stepping
from fugong.core.protocol.answers import settled
from fugong.core.protocol.door import NOTHING, Steps
from fugong.core.protocol.formula import Constant
from fugong.core.protocol.pack import load, shipped
from fugong.core.protocol.pack_model import Pack, Requirement
from fugong.core.text import Text
from fugong.core.time import MINUS_INF, PLUS_INF, lane

WORD = Text("一", "one")
RANGE = range(-9, 45)
BASE = load(shipped()["jinfeng-2020-03"])


def pack_of(named: dict[str, tuple], permissions: dict[str, tuple[str, ...]]) -> Pack:
    """A pack of nothing but requirements and permissions, the kinds of the oracle's cases being its derived kinds."""
    requirements = {
        name: Requirement(name, formula, binds, WORD, WORD, WORD, WORD, spot)
        for name, (formula, binds, spot) in named.items()
    }
    return Pack(**{
        **{field: getattr(BASE, field) for field in BASE.__dataclass_fields__}, "requirements": requirements,
        "permissions": permissions, "digest": repr((named, permissions)),
    })  # fmt: skip


@st.composite
def packs(draw: st.DrawFn) -> Pack:
    names = [f"r{i}" for i in range(draw(st.integers(1, 4)))]
    binds = st.one_of(st.just(Constant(True)), formulas(0, 1))
    named = {name: (draw(formulas(0, 3)), draw(binds), draw(st.booleans())) for name in names}
    permission = st.lists(st.sampled_from(names), unique=True, max_size=4).map(tuple)
    return pack_of(named, draw(st.dictionaries(st.sampled_from(["enter", "work"]), permission, min_size=1)))


def true_at(intervals, t):
    return any((start is None or start <= t) and (end is None or t < end) for start, end in intervals)


def expected(pack: Pack, permission: str, facts: dict, t: int) -> int:
    needed = [pack.requirements[name] for name in pack.permissions[permission]]
    all_of = [one.effective for one in needed] + [settled(pack, one) for one in needed if one.on_the_spot]
    return sum(1 << bit for bit, formula in enumerate(all_of) if not true_at(holds(formula, facts), t))


@settings(deadline=None)
@given(pack=packs(), life=lanes(1, 3), data=st.data())
def test_each_bit_is_its_requirement_within_each_force(pack: Pack, life, data):
    cuts = sorted(data.draw(st.lists(st.integers(-5, 40), min_size=2, max_size=4, unique=True)))
    windows = list(zip(cuts, [*cuts[1:], PLUS_INF], strict=True))
    if data.draw(st.booleans()):
        del windows[data.draw(st.integers(0, len(windows) - 1))]
    if windows and data.draw(st.booleans()):
        windows[0] = (MINUS_INF, windows[0][1])
    every = stepping.steps(pack, packed(life), len(life))
    forces = [stepping.InForce(start, end, pack, every) for start, end in windows]
    for permission in ("enter", "work", "visit"):
        found = stepping.standing(forces, permission, len(life))
        for number, facts in enumerate(life):
            moments, masks = stepping.lane(found.steps, number)
            assert moments == sorted(set(moments))
            assert all(one != other for one, other in zip([NOTHING, *masks], masks, strict=False))
            held = lane(found.held, number)
            steps = Steps(moments, masks)
            wanted = [*data.draw(st.lists(st.sampled_from(RANGE), max_size=3)), MINUS_INF, PLUS_INF - 1]
            near = [m + d for m in moments for d in (-1, 0, 1)] + [m + d for s in held for m in s for d in (-1, 0)]
            for t in {t for t in wanted + near if MINUS_INF <= t < PLUS_INF}:
                ruled = permission in pack.permissions and any(start <= t < end for start, end in windows)
                mask = expected(pack, permission, facts, t) if ruled else NOTHING
                assert steps.at(t) == mask, t
                n = len(pack.permissions.get(permission, ()))
                assert true_at(held, t) == (ruled and mask & ((1 << n) - 1) == 0), t


def test_without_lanes_or_packs_there_is_nothing():
    pack = pack_of({"r": (Constant(False), Constant(True), True)}, {"enter": ("r",)})
    assert not len(stepping.steps(pack, {}, 0)["enter"].at)
    nothing = stepping.standing([], "enter", 3)
    assert not len(nothing.steps.at)
    assert not len(nothing.held)
