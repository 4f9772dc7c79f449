"""Workers written many at a time are the same as workers written one by one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from fugong.base import personal
from fugong.base.ids import uuid7
from fugong.registry.bulk import NewEmployment, NewWorker, write_employments, write_workers
from fugong.registry.documents import document_digest, phone_digest
from fugong.registry.models import Document, Employment, Worker
from fugong.registry.services import add_enterprise

pytestmark = pytest.mark.django_db
NUMBER = "35012619700101001X"


def test_a_worker_is_found_by_document_and_phone_and_nothing_is_stored_in_the_open() -> None:
    row = NewWorker(
        id=uuid7(), name="单雄信", phone="13800138000", address="一村 1 号",
        documents=(("resident", NUMBER), ("passport", "E12345678")),
    )  # fmt: skip
    write_workers([row, NewWorker(id=uuid7(), name="Anna Smith")])
    worker = Worker.objects.get(phone_digest=phone_digest("138 0013-8000"))
    assert (worker.pk, worker.initials, worker.phone_tail) == (row.id, "sxx", "8000")
    assert worker.phone_encrypted is not None
    assert personal.decrypt(worker.phone_encrypted) == "13800138000"
    document = Document.objects.get(digest=document_digest("resident", NUMBER.lower()))
    assert (document.worker_id, document.tail) == (row.id, "001X")
    assert personal.decrypt(document.encrypted) == NUMBER
    assert NUMBER.encode() not in bytes(document.encrypted)
    assert worker.documents.count() == 2
    other = Worker.objects.get(name="Anna Smith")
    assert (other.phone_encrypted, other.phone_digest, other.phone_tail) == (None, None, "")


def test_the_same_number_on_another_kind_of_document_is_another_document() -> None:
    assert document_digest("passport", "E12345678") != document_digest("other", "E12345678")


def test_a_document_is_one_persons() -> None:
    rows = [NewWorker(id=uuid7(), name=name, documents=(("resident", NUMBER),)) for name in ("甲", "乙")]
    with pytest.raises(IntegrityError):
        write_workers(rows)


def test_present_employments() -> None:
    enterprise = add_enterprise(
        credit_code="91350100M000100Y43", name="一厂", key="one", industry="industrial", division="350112111",
        now=1_580_000_000, source="test",
    )  # fmt: skip
    worker, fact = uuid7(), uuid7()
    write_workers([NewWorker(id=worker, name="甲")])
    write_employments(
        [NewEmployment(worker=worker, enterprise=enterprise.pk, fact_id=fact, start=5, workshop="一车间", active=False)]
    )
    row = Employment.objects.get()
    assert (row.worker_id, row.enterprise_id, row.fact_id, row.start) == (worker, enterprise.pk, fact, 5)
    assert (row.workshop, row.post, row.badge, row.active) == ("一车间", "", "", False)
