"""Backup and restore, proven by restoring: into an empty embedded server, and from there into an empty database of a server.

Where the suite runs on PostgreSQL 15, the embedded server being newer, that is both ways between versions.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

import builders
import databases
from fugong.base import clock
from fugong.project import archive, keeping
from operations.commands import EMBEDDED, empty_database, fugong, on_server
from operations.whole import everything, inside

MOMENT = "2020-03-09T09:30:00+08:00"


@pytest.fixture
def town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> builders.Place:
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: builders.NOW)
        return builders.place()


@pytest.fixture
def second() -> Iterator[Path]:
    """A data folder for another embedded server, where PostgreSQL may enter whatever else runs as this user.

    Not ``tmp_path``: another session of pytest takes the right to enter from all users but its own.
    """
    with tempfile.TemporaryDirectory(prefix="fugong-test-second-") as folder:
        yield Path(folder) / "data"


@pytest.fixture
def backup(town: builders.Place, tmp_path: Path) -> Path:
    """A backup of the town, made by the command."""
    said = fugong("backup", tmp_path / "kept", "--json", **on_server())
    return Path(json.loads(said.stdout)["path"])


def seen(**surroundings: str) -> tuple[Any, Any]:
    """What the login that serves finds there: the figures of the town, and whether stored clearances are right."""
    figures = fugong("report", "--as-of", MOMENT, "--known-at", MOMENT, "--format", "json", **surroundings).stdout
    verified = fugong("clearance", "verify", "--json", **surroundings).stdout
    return json.loads(figures), json.loads(verified)


def noted(address: str) -> list[str]:
    """What the audit says of copies of everything."""
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT action FROM audit_entry WHERE action IN ('backup', 'restore') ORDER BY id"
        ).fetchall()
    return [row[0] for row in rows]


def changed_by(address: str) -> int:
    """In how many transactions what doors hold copies of last changed."""
    tables = ("clearance_clearance", "registry_worker", "registry_employment")
    with psycopg.connect(address) as connection:
        found = connection.execute(" UNION ".join(f"SELECT changed FROM {table}" for table in tables)).fetchall()
    return len(found)


def test_a_town_comes_back_in_an_embedded_server_and_from_there_on_a_server(backup, town, second, tmp_path):
    """The proof: every row, the figures, clearances and an encrypted number; then the way on to a server."""
    assert noted(on_server()["FUGONG_OWNER_URL"]) == ["backup"]
    before, figures = everything(on_server()["FUGONG_OWNER_URL"]), seen(**on_server())
    assert figures[1]["workers"] == before["registry_worker"][0] > 0

    said = fugong("restore", backup, "--data", second, **EMBEDDED)
    assert "The master key reads what is stored." in said.stdout
    assert f"{before['registry_worker'][0]} workers verified, 0 differences" in said.stdout
    assert inside(second) == before
    assert seen(**EMBEDDED, FUGONG_DATA=str(second)) == figures
    found = json.loads(fugong("check", "--json", **EMBEDDED, FUGONG_DATA=str(second)).stdout)["findings"]
    assert [one for one in found if one["level"] == "error"] == []

    moved = json.loads(fugong("backup", "--json", **EMBEDDED, FUGONG_DATA=str(second)).stdout)["path"]
    with empty_database("test_fugong_restored") as server:
        fugong("restore", moved, **server, FUGONG_DATA=str(tmp_path / "third"))
        assert everything(server["FUGONG_OWNER_URL"]) == before
        assert changed_by(server["FUGONG_OWNER_URL"]) == 1, "what doors hold copies of was changed by the restore"
        assert seen(**server) == figures
        assert noted(server["FUGONG_OWNER_URL"]) == ["restore", "restore"], "of the first copy, and of its copy"
        with (
            psycopg.connect(server["FUGONG_OWNER_URL"]) as owner,
            pytest.raises(psycopg.errors.RestrictViolation),
        ):
            owner.execute("UPDATE ledger_fact SET source = source")
        refused = fugong("restore", moved, code=2, **server)
        assert "is not empty" in refused.stderr
        assert everything(server["FUGONG_OWNER_URL"]) == before


def test_a_wrong_master_key_is_said_and_the_right_one_then_does(backup, second):
    refused = fugong("restore", backup, "--data", second, code=2, **EMBEDDED, FUGONG_MASTER_KEY="a7" * 32)
    assert "master key" in refused.stderr
    assert inside(second) == {"triggers": []}
    fugong("restore", backup, "--data", second, **EMBEDDED)


def test_a_number_that_the_key_does_not_read_is_seen_though_the_key_seemed_right(backup, tmp_path):
    """The whole load is undone, and after that the database still counts as empty."""
    wrong = rewritten(
        backup,
        tmp_path / "wrong",
        lambda name, text: text.replace(b"\\\\x01", b"\\\\x02") if name == "registry_document" else text,
    )
    with empty_database("test_fugong_wrong_key") as server:
        assert "master key" in fugong("restore", wrong, code=2, **server).stderr
        with psycopg.connect(server["FUGONG_OWNER_URL"]) as owner:
            assert owner.execute("SELECT count(*) FROM ledger_fact").fetchone() == (0,)
        fugong("restore", backup, **server)


def rewritten(
    backup: Path, folder: Path, change: Callable[[str, bytes], bytes] = lambda name, text: text,
    edit: Callable[[dict[str, Any]], None] = lambda manifest: None,
) -> Path:  # fmt: skip
    """Another backup: of changed rows, with digests to match, or with a changed manifest."""
    folder.mkdir()
    path = folder / backup.name
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(path, "w") as new:
        manifest = json.loads(old.read(archive.MANIFEST))
        edit(manifest)
        for name, table in manifest["tables"].items():
            text = change(name, old.read(f"{name}.copy"))
            table["sha256"] = hashlib.sha256(text).hexdigest()
            new.writestr(f"{name}.copy", text)
        new.writestr(archive.MANIFEST, json.dumps(manifest))
    return path


def test_a_backup_of_an_older_version_is_brought_to_this_one(backup, tmp_path):
    def older(manifest: dict[str, Any]) -> None:
        manifest["migrations"] = [key for key in manifest["migrations"] if key[0] != "project"]
        del manifest["tables"]["project_taskrun"]

    before = everything(on_server()["FUGONG_OWNER_URL"])
    with empty_database("test_fugong_older") as server:
        fugong("restore", rewritten(backup, tmp_path / "older", edit=older), **server)
        assert everything(server["FUGONG_OWNER_URL"]) == before
        found = json.loads(fugong("check", "--json", **server).stdout)["findings"]
        assert next(one for one in found if one["name"] == "tables")["level"] == "ok"


def test_files_that_are_no_backup_are_refused_in_one_sentence_and_change_nothing(backup, tmp_path):
    def newer(manifest: dict[str, Any]) -> None:
        manifest["migrations"].append(["ledger", "9999_later"])

    def later_format(manifest: dict[str, Any]) -> None:
        manifest["format"] = 2

    def fewer(manifest: dict[str, Any]) -> None:
        manifest["tables"]["ledger_fact"]["rows"] += 1

    broken = tmp_path / "broken.fugong"
    data = bytearray(backup.read_bytes())
    with zipfile.ZipFile(backup) as whole:
        largest = max(whole.infolist(), key=lambda part: part.compress_size)
    data[largest.header_offset + largest.compress_size // 2] ^= 0xFF  # in a table's text: what lies between isn't read
    broken.write_bytes(data)
    short = tmp_path / "short.fugong"
    short.write_bytes(backup.read_bytes()[:-100])
    damaged = {
        Path(__file__): "no_backup", short: "no_backup", broken: "damaged",
        rewritten(backup, tmp_path / "b", edit=later_format): "newer", rewritten(backup, tmp_path / "c", edit=fewer): "damaged",
    }  # fmt: skip
    for path, code in damaged.items():
        with pytest.raises(archive.ArchiveError) as caught, archive.reading(path) as reader:
            reader.verify(lambda rows: None)
        assert caught.value.code == code
    refused = {
        tmp_path / "none.fugong": "no such file", tmp_path: "a folder", broken: "damaged",
        rewritten(backup, tmp_path / "a", edit=newer): "does not know",
    }  # fmt: skip
    with empty_database("test_fugong_refused") as server:
        for path, said in refused.items():
            assert said in fugong("restore", path, code=2, **server).stderr
        chinese = fugong("restore", broken, code=2, **server, FUGONG_LANGUAGE="zh").stderr
        assert "已损坏" in chinese
        with psycopg.connect(server["FUGONG_OWNER_URL"]) as owner:
            assert owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_what_a_backup_is_and_is_not(backup, town):
    """Only its owner may read it; no key and no session is in it, and every number only as it is stored."""
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert list(backup.parent.iterdir()) == [backup]
    with zipfile.ZipFile(backup) as parts:
        manifest = archive.Manifest.model_validate_json(parts.read(archive.MANIFEST))
        text = b"".join(parts.read(name) for name in parts.namelist())
    key = os.environ["FUGONG_MASTER_KEY"]
    assert key.encode() not in text.lower()
    assert bytes.fromhex(key) not in text
    assert builders.resident_number(1).encode() not in text
    assert manifest.tables["registry_worker"].rows > 0
    assert {"django_session", "base_usersession"}.isdisjoint(manifest.tables)
    with databases.superuser() as superuser:
        kept = superuser.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert kept == (len(manifest.tables) + 4,)


def test_old_backups_are_deleted_when_asked(town, tmp_path):
    now = clock.now()
    old, young = tmp_path / keeping.name_at(now - 8 * keeping.DAY), tmp_path / keeping.name_at(now - 6 * keeping.DAY)
    other = tmp_path / "letter.txt"
    for path in (old, young, other):
        path.touch()
    week = {"FUGONG_BACKUP_MAX_AGE_DAYS": "7"}
    fugong("backup", tmp_path, **on_server(), **week)
    assert old.exists()
    said = json.loads(fugong("backup", tmp_path, "--prune", "--json", **on_server(), **week).stdout)
    assert said["deleted"] == [str(old)]
    assert not old.exists()
    assert young.exists()
    assert other.exists()


def test_wrong_input_of_backup_is_one_sentence(town, tmp_path):
    (tmp_path / "master.key").write_text("x")
    (tmp_path / "file").write_text("x")
    for folder, said in (
        (tmp_path, "beside"),
        (tmp_path / "file", "cannot be used"),
        (tmp_path / "file" / "in", "cannot be used"),
    ):
        assert said in fugong("backup", folder, code=2, **on_server()).stderr
    only_serving = {**on_server(), "FUGONG_OWNER_URL": ""}
    assert "FUGONG_OWNER_URL" in fugong("backup", tmp_path / "kept", code=2, **only_serving).stderr
    wrong = {**on_server(), "FUGONG_BACKUP_MAX_AGE_DAYS": "soon"}
    assert "FUGONG_BACKUP_MAX_AGE_DAYS" in fugong("backup", tmp_path / "kept", "--prune", code=2, **wrong).stderr


def test_an_upgrade_saves_first_prepares_everything_and_checks(tmp_path):
    """From nothing to ready; then again, with a backup; and refused when it isn't said twice that there is none."""
    with empty_database("test_fugong_upgraded") as server:
        here = {**server, "FUGONG_DATA": str(tmp_path)}
        assert "twice" in fugong("upgrade", "--no-backup", code=2, **here).stderr
        assert "0 errors" in fugong("upgrade", "--no-backup", "--i-have-a-backup", **here).stdout
        assert keeping.backups(tmp_path / "backups") == []
        with psycopg.connect(server["FUGONG_OWNER_URL"]) as owner:
            owner.execute("ALTER TABLE registry_worker DISABLE ROW LEVEL SECURITY")
        assert "registry_worker" in fugong("check", code=1, **here).stdout
        assert "0 errors" in fugong("upgrade", **here).stdout
        assert len(keeping.backups(tmp_path / "backups")) == 1
        assert "FUGONG_OWNER_URL" in fugong("upgrade", code=2, **{**here, "FUGONG_OWNER_URL": ""}).stderr
