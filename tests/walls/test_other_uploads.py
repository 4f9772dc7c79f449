"""Lists that name another enterprise's people: what is uploaded tells no more than a list that names nobody's.

By the pages' whole way: a roster and each kind of list of facts, its preview, the marked workbook, what is taken in and what
then stands there. All of it runs as the application is, and with the application's own filters off.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

import builders
from fugong.base.tables import Column
from fugong.core.text import Text
from fugong.registry.imports.lists import WORKERS, List, all_lists
from walls.asking import Answer, Asked, difference, made_up, plain, state, text_of, texts, told
from walls.side import SCOPED, Side
from walls.test_other_enterprise import walls_standing
from walls.world import World

__all__ = ["walls_standing"]
NAMED_BY = {
    "document_number": lambda side: side.numbers[0], "name": lambda side: side.names[0],
    "phone": lambda side: side.phones[0], "badge": lambda side: f"{side.key.upper()}badge0",
    "credit_code": lambda side: side.enterprise.credit_code, "enterprise": lambda side: side.enterprise.name,
}  # fmt: skip
"""By what a row says whom it is about."""
NAMINGS = [
    ("document_number", "name", "credit_code"),
    ("name", "phone"),
    ("badge",),
    ("document_number",),
    tuple(NAMED_BY),
]


def cell(column: Column, side: Side, by: tuple[str, ...]) -> str:
    """What stands in a row about a side's first person: their own, or the column's example."""
    if column.name in NAMED_BY:
        return NAMED_BY[column.name](side) if column.name in by else ""
    if column.choices:
        first = column.choices[0]
        return first if isinstance(first, str) else first[0]
    return column.example.zh if isinstance(column.example, Text) else str(column.example)


def pasted(kind: List, side: Side, by: tuple[str, ...]) -> str:
    """A list with one row about a side's first person that is right, and one that is in error."""
    columns = [one for one in kind.spec(builders.NOW).columns if one.name != "unwell"]
    right = [cell(one, side, by) for one in columns]
    wrong = ["?" if one.required and one.name not in NAMED_BY else cell(one, side, by) for one in columns]
    return "\n".join("\t".join(row) for row in ([one.headers[0] for one in columns], right, wrong))


def steps(client: Client, address: str, rows: str) -> Iterator[tuple[str, Answer]]:
    """Each answer on the way of one list, from its upload to what stands there in the end; all of it is undone."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        kept = client.post(address, {"rows": rows, "enterprise": ""})
        yield "upload", Answer(kept.status_code, text_of(kept.content))
        if kept.status_code == 302:
            for step, method, path in (
                ("preview", "get", kept.url), ("marked workbook", "get", f"{kept.url}marked.xlsx"),
                ("take in", "post", f"{kept.url}take-in/"), ("what stands there", "get", kept.url), ("lists", "get", "/uploads/"),
                ("waiting", "get", "/waiting/"), ("workers", "get", "/workers/"),
            ):  # fmt: skip
                answer = getattr(client, method)(path, follow=True)
                headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
                yield step, Answer(answer.status_code, f"{headers} {text_of(answer.content)}")
        transaction.set_rollback(True)
    client.cookies = cookies


def compared(step: str, said: tuple[int, str]) -> tuple[int, str]:
    """An answer to be compared; people stand in the order of their names, and the two names are different ones."""
    return (said[0], "\n".join(sorted(said[1].splitlines()))) if step == "workers" else said


@pytest.mark.parametrize("role", SCOPED)
def test_a_list_about_a_stranger_tells_what_one_about_nobody_tells(role: str, walls_standing: str, two: World):
    own, other, nobody = two.a, two.b, made_up()
    client = Client()
    client.force_login(own.users[role])
    secrets, before = {str(one) for one in other.ids()} | other.words(), state(other)
    words = {*texts(other), *texts(nobody), *other.words(), *nobody.names, *nobody.numbers, *nobody.phones}
    unlike: list[object] = []
    reached: set[str] = set()
    for kind in all_lists():
        address = f"/enterprises/{own.enterprise.pk}/roster/" if kind.kind == WORKERS else f"/uploads/new/{kind.kind}/"
        for by in NAMINGS:
            theirs = pasted(kind, other, by)
            answers = list(
                steps(client, address, theirs)
            )  # each list by itself: one is undone before the other is sent
            likewise = list(steps(client, address, pasted(kind, nobody, by)))
            for (step, one), (_step, another) in zip(answers, likewise, strict=True):
                reached.add(step) if one.status == 200 else None
                if leaked := told(one, secrets, Asked("POST", address, json=theirs)):
                    unlike.append((kind.kind, by, step, "tells", leaked))
                if differs := difference(*(compared(step, plain(each, words)) for each in (one, another))):
                    unlike.append((kind.kind, by, step, differs))
            assert state(other) == before
    assert not unlike, "\n".join(map(str, unlike))
    if role == "enterprise_clerk":
        assert reached >= {"preview", "marked workbook", "take in", "what stands there", "lists", "workers"}
