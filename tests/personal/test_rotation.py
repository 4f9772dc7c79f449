"""The master key is renewed: everything moves to the new version, or nothing does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import connections, models

import builders
from fugong.base import access, clock, environment, holdings, keyring, personal
from fugong.project import rotation
from fugong.project.rotation import RotationError
from fugong.registry import queries
from fugong.registry.models import Document, Upload, Worker
from fugong.registry.uploads.preview import content_of
from personal.planting import NAME, NUMBER, PHONE, Planted, plant

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])
DIGESTS = {
    "base.EntryCode.digest",  # of a code that is nowhere kept: an unused one is handed out again
    "audit.Batch.hash", "audit.Seal.hash",
    "doors.Device.code_digest", "doors.Device.token_digest",  # of random secrets that are nowhere kept, without a key
    "doors.SnapshotPart.digest",  # of a part of a snapshot: whether it has changed since a device last asked
    "notices.Delivery.address",  # compared while deliveries are made; the address itself is a holding
    "notices.Attempt.payload",  # of what was sent: whether a repetition would be the same
    "doors.GuardPin.salt", "doors.GuardPin.digest",  # compared on devices, which have no key of ours
    "registry.Paper.digest",  # of a file that was shown: whether it was shown before; the file itself is a holding
    "policies.PolicyDocument.content", "submissions.Layout.content",  # published documents and empty forms, nobody's data
}  # fmt: skip


@pytest.fixture
def kept_in_file(tmp_path, monkeypatch) -> Iterator[None]:
    """The master key of the suite, in a file of a folder of its own."""
    monkeypatch.delenv("FUGONG_MASTER_KEY")
    monkeypatch.setenv("FUGONG_DATA", str(tmp_path))
    keyring.write(environment.key_file(), {1: b"\x5e" * 32})
    personal.keys_have_changed()
    yield
    monkeypatch.undo()
    personal.keys_have_changed()


@pytest.fixture
def planted(transactional_db: None, kept_in_file: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    monkeypatch.setattr(clock, "now", lambda: builders.NOW)
    yield plant(builders.place())
    connections["owner"].close()


def found_by(planted: Planted, text: str) -> list[str]:
    with access.acting(access.as_system("a test")):
        user = planted.place.users["town_administrator"]
        return [worker.name for worker in queries.workers(user, text=text)]


def everything(planted: Planted) -> tuple[bytes, ...]:
    worker, document = Worker.objects.get(pk=planted.worker), Document.objects.get(pk=planted.document)
    upload = Upload.objects.get(pk=planted.upload.pk)
    assert worker.phone_encrypted is not None
    assert worker.phone_digest is not None
    assert upload.content is not None
    return tuple(
        map(bytes, (worker.phone_encrypted, worker.phone_digest, document.encrypted, document.digest, upload.content))
    )


def test_everything_moves_and_is_found_as_before(planted: Planted):
    before, content = everything(planted), content_of(planted.upload)
    done: list[int] = []
    assert rotation.rotate(done.append) == 2
    after = everything(planted)
    assert not set(before) & set(after)
    assert sum(done) == rotation.total() == holdings.count(connections["owner"])
    assert holdings.versions_in(connections["owner"]) == {2}
    assert personal.decrypt(after[0]) == PHONE
    assert personal.decrypt(after[2]) == NUMBER
    assert content_of(Upload.objects.get(pk=planted.upload.pk)) == content
    for text in (NUMBER, PHONE):
        assert found_by(planted, text) == [NAME]
    (another,) = builders.workers(planted.place.enterprise, 1, 500)
    assert bytes(Document.objects.get(worker=another).encrypted)[0] == 2
    assert found_by(planted, builders.resident_number(500)) == [builders.name(500)]


def test_the_old_key_alone_reads_nothing(planted: Planted):
    before = everything(planted)
    rotation.rotate()
    after = everything(planted)
    keys = personal.versions()
    keyring.write(environment.key_file(), {1: keys[1]})
    personal.keys_have_changed()
    for number in (0, 2, 4):
        with pytest.raises(InvalidTag):
            personal.decrypt_bytes(after[number])
    assert personal.decrypt(before[0]) == PHONE
    assert found_by(planted, NUMBER) == []


def test_a_rotation_that_is_interrupted_changes_nothing_and_can_be_repeated(planted: Planted):
    class Interrupted(Exception):
        pass

    batches = 0

    def stop_at_the_second(done: int) -> None:
        nonlocal batches
        batches += 1
        if batches == 2:
            raise Interrupted

    before = everything(planted)
    with pytest.raises(Interrupted):
        rotation.rotate(stop_at_the_second)
    assert everything(planted) == before
    assert sorted(environment.master_keys()) == [1, 2]
    personal.keys_have_changed()  # as in a new process
    assert personal.current_version() == 1
    assert found_by(planted, NUMBER) == [NAME]
    (another,) = builders.workers(planted.place.enterprise, 1, 600)
    assert bytes(Document.objects.get(worker=another).encrypted)[0] == 1
    assert rotation.rotate() == 2
    assert found_by(planted, NUMBER) == [NAME]
    assert sorted(environment.master_keys()) == [1, 2]


def test_a_process_that_starts_after_the_commit_knows_the_new_version(planted: Planted):
    rotation.rotate()
    personal.keys_have_changed()
    assert personal.current_version() == 2
    assert found_by(planted, PHONE) == [NAME]


def test_old_versions_are_dropped_when_nothing_stands_under_them(planted: Planted):
    assert rotation.forget() == []
    rotation.rotate()
    assert rotation.forget() == [1]
    assert sorted(environment.master_keys()) == [2]
    assert found_by(planted, NUMBER) == [NAME]
    assert rotation.rotate() == 3


def test_a_version_in_use_is_not_dropped(planted: Planted):
    keyring.write(environment.key_file(), {**personal.versions(), 2: b"\x01" * 32})
    personal.keys_have_changed()
    assert rotation.forget() == [2]  # the newer one is not in use: a rotation was prepared and given up
    keyring.write(environment.key_file(), {**personal.versions(), 2: b"\x01" * 32})
    personal.keys_have_changed()
    with personal.under(2):
        builders.workers(planted.place.enterprise, 1, 700)
    with pytest.raises(RotationError, match="in_use"):
        rotation.forget()


def test_a_connected_server_stands_in_the_way(planted: Planted):
    before = everything(planted)
    server = connections["default"].copy("default")
    try:
        with server.cursor() as cursor:
            cursor.execute("SELECT 1")
        with pytest.raises(RotationError) as refused:
            rotation.rotate()
        assert (refused.value.code, refused.value.number) == ("connected", 1)
    finally:
        server.close()
    assert everything(planted) == before
    assert sorted(environment.master_keys()) == [1]


def test_what_the_environment_says_is_changed_there(planted: Planted, monkeypatch):
    monkeypatch.setenv("FUGONG_MASTER_KEY", "5e" * 32)
    personal.keys_have_changed()
    for refused, code in ((rotation.rotate, "no_newer"), (rotation.forget, "elsewhere")):
        with pytest.raises(RotationError, match=code):
            refused()
    monkeypatch.setenv("FUGONG_MASTER_KEY", f"7:{'07' * 32} 1:{'5e' * 32}")
    personal.keys_have_changed()
    assert personal.current_version() == 1
    assert rotation.rotate() == 7
    assert found_by(planted, NUMBER) == [NAME]


def test_every_encrypted_column_is_declared():
    columns = {
        f"{model._meta.app_label}.{model.__name__}.{field.attname}"
        for model in apps.get_models() if model.__module__.startswith("fugong.")
        for field in model._meta.fields if isinstance(field, models.BinaryField)
    }  # fmt: skip
    tables = {model._meta.db_table: f"{model._meta.app_label}.{model.__name__}" for model in apps.get_models()}
    held = {
        f"{tables[one.table]}.{column}" for one in holdings.declared() if not one.json
        for column in (one.column, one.digest) if column
    }  # fmt: skip
    assert columns - DIGESTS == held
    assert {one.table for one in holdings.declared() if one.json} == {"mfa_authenticator"}
