"""Write ``docs/fact-kinds.md`` from the closed list of fact kinds: ``python tools/fact_kinds.py``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fugong.ledger.kinds import Field, Kind

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "fact-kinds.md"

WORDS: dict[str, Any] = {
    "en": {
        "title": "# Fact kinds",
        "intro": "Written by `tools/fact_kinds.py` from `src/fugong/ledger/kinds`. Whatever is not in this list, the"
        " ledger refuses. An *event* happens at one second; a *state* holds from one moment to another. What is"
        " measured, seen or reported can't begin more than five minutes after it is recorded; what is planned or"
        " decided can. The *evidence* is what a fact rests on: whoever states it keeps it, or names it with the fact."
        " Whoever has the command line acts for the town; deputies state nothing, they approve what others state."
        " A *measurement* acts at once, and is looked at afterwards where it took much from many; everything else, where it"
        " would take a permission from more people than one person may, waits for a second one, and so does what replaces"
        " or takes back others' measurements (`ledger/measured.py`, `clearance/gate.py`). A value with * is required.",
        "head": (
            "kind", "meaning", "purpose", "evidence", "about", "shape", "may lie ahead", "acts at once", "stated by",
            "values",
        ),
        "shapes": {"event": "event", "state": "state"},
        "answers": ("yes", "no"),
        "always": "always",
        "ways": {
            "door": "from a door", "own": "of oneself", "medic": "from an observation medic",
            "sampler": "from sampling staff",
        },
        "roster": " (by roster only)",
        "types": {
            "text": "text", "number": "number", "whole": "whole number", "flag": "yes or no", "moment": "moment",
            "date": "day", "list": "texts", "subject": "subject", "division": "division code", "fact": "id of a fact",
        },
        "names": ", ",
    },
    "zh-hans": {
        "title": "## 事实类别",
        "intro": "本文由 `tools/fact_kinds.py` 根据 `src/fugong/ledger/kinds` 生成。不在此表中的类别，账本一律不收。"
        "“事件”发生在某一秒；“状态”从某时持续到某时。测量、查看或上报所得，其起始时间不得晚于记录时间五分钟以上；"
        "计划或决定的事项可以在将来开始。“依据”指事实所凭之物：由填报者留存，或在填报时注明。"
        "使用命令行者视同本镇；代班负责人不填报，只审批他人所报。"
        "“检测”所得即时生效，影响多人的事后审看；其余若使受限人数超过一人可独自决定的上限，须待第二人同意，"
        "更改或撤回他人检测所得也是如此（`ledger/measured.py`、`clearance/gate.py`）。带 * 的项必填。",
        "head": ("类别", "含义", "用途", "依据", "关于", "形态", "可否在将来", "即时生效", "由谁填报", "内容"),
        "shapes": {"event": "事件", "state": "状态"},
        "answers": ("可以", "不可"),
        "always": "一律",
        "ways": {"door": "门岗所报", "own": "本人自报", "medic": "观察点医护所报", "sampler": "采样人员所报"},
        "roster": "（仅通过花名册）",
        "types": {
            "text": "文字", "number": "数值", "whole": "整数", "flag": "是或否", "moment": "时刻", "date": "日期",
            "list": "若干文字", "subject": "主体", "division": "区划代码", "fact": "事实编号",
        },
        "names": "、",
    },
}  # fmt: skip
"""What the document says besides the titles and purposes of the kinds, which are the program's own."""


def written() -> str:
    """The document: a chapter in each language, the English one under the document's title."""
    return "\n\n".join(_chapter(language) for language in WORDS) + "\n"


def _chapter(language: str) -> str:
    from django.utils.translation import override

    from fugong.ledger.kinds import KINDS

    words = WORDS[language]
    head = words["head"]
    with override(language):
        rows = [_row(kind, words) for kind in KINDS.values()]
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, ("---",) * len(head), *rows)]
    return "\n".join([words["title"], "", words["intro"], "", *lines])


def _row(kind: Kind, words: dict[str, Any]) -> tuple[str, ...]:
    from fugong.base.roles import ROLES
    from fugong.ledger.models import Subject

    roles = words["names"].join(str(role.title) for name, role in ROLES.items() if name in kind.stated_by)
    return (
        f"`{kind.name}`", str(kind.title), str(kind.purpose), str(kind.evidence), str(dict(Subject.KINDS)[kind.subject]),
        words["shapes"][kind.shape], words["answers"][0 if kind.ahead else 1],
        _at_once(kind, words),
        roles + (words["roster"] if kind.by_roster else ""),
        "<br>".join(_value(field, words) for field in kind.fields) or "–",
    )  # fmt: skip


def _at_once(kind: Kind, words: dict[str, Any]) -> str:
    """In which ways facts of this kind are measurements."""
    from uuid import UUID

    from fugong.ledger.measured import DOOR, MEDIC, SAMPLERS, Way, acts_at_once

    who = UUID(int=1)
    if acts_at_once(kind.name, who, Way("")):
        return str(words["always"])
    ways = {"door": Way(DOOR), "own": Way("", "worker", who), "medic": Way("", MEDIC), "sampler": Way("", SAMPLERS)}
    found = [words["ways"][name] for name, way in ways.items() if acts_at_once(kind.name, who, way)]
    return str(words["names"].join(found) or words["answers"][1])


def _value(field: Field, words: dict[str, Any]) -> str:
    from fugong.ledger.models import Subject

    what = words["types"].get(field.type, "")
    if field.choices:
        what = words["names"].join(f"`{choice}`" for choice in field.choices)
    elif field.refers_to:
        what = str(dict(Subject.KINDS)[field.refers_to])
    elif field.least is not None or field.most is not None:
        least, most = (None if end is None else f"{end:,g}" for end in (field.least, field.most))
        what += f" ≥ {least}" if most is None else f" {least or ''}–{most}"
    return f"`{field.name}`{'*' if field.required else ''} {field.title}: {what}"


if __name__ == "__main__":
    os.environ.setdefault("FUGONG_DATA", ".fugong/dev")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fugong.project.settings")
    import django

    django.setup()
    DOCUMENT.write_text(written(), encoding="utf-8")
