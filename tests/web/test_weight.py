"""The first load of a phone page, as it goes over the wire: page, styles, scripts, icons; at most 150 kB."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client, override_settings

import builders
from web.pages import read

pytestmark = pytest.mark.django_db
MOST = 150 * 1000
PAGES = [
    ("worker", "/me/"), ("worker", "/me/register/"), ("worker", "/me/pass/"), ("worker", "/me/looks/"), ("worker", "/me/requests/"),
    ("worker", "/me/download/"), ("worker", "/workers/{worker}/file/"), ("guard", "/doors/"), ("guard", "/doors/{door}/"),
    ("line_leader", "/enterprises/{enterprise}/register/"), ("enterprise_clerk", "/"), ("town_administrator", "/"),
]  # fmt: skip


COMPRESSED = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Static files as `fugong up` collects them: hashed names, compressed copies."""
    root = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=root, STORAGES=COMPRESSED):
        call_command("collectstatic", verbosity=0, interactive=False)
    return root


@pytest.fixture
def collected(settings, folder: Path) -> Path:
    settings.STATIC_ROOT, settings.STORAGES = folder, COMPRESSED
    return folder


@pytest.mark.parametrize(("role", "path"), PAGES)
def test_a_first_load_is_light(client: Client, collected: Path, role: str, path: str):
    place = builders.place()
    client.force_login(place.users[role])
    address = path.format(door=place.door.pk, enterprise=place.enterprise.pk, worker=place.workers["cleared"])
    response = client.get(address, headers={"Accept-Encoding": "gzip"}, follow=True)
    body = response.content
    html = gzip.decompress(body) if response.get("Content-Encoding") == "gzip" else body
    weight = {address: len(body)}
    for asset in read(html.decode()).assets:
        file = collected / asset.removeprefix("/static/").partition("?")[0]
        compressed = file.with_name(file.name + ".gz")
        weight[asset] = (compressed if compressed.exists() else file).stat().st_size
    icons = sorted(collected.rglob("icons.*.svg"))
    weight["icons"] = icons[0].stat().st_size
    assert len(weight) > 3
    assert sum(weight.values()) <= MOST, weight
