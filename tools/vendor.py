"""Fetch the web assets that Fugong ships: pinned npm tarballs, checked by their hash, unpacked into the static folder.

    python tools/vendor.py            # fetch what is missing
    python tools/vendor.py --check    # only compare the files that are there with vendor.json

``npm`` is needed for fetching, never for running or installing Fugong: the files are committed.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "src/fugong/project/static/vendor"


@dataclass(frozen=True)
class Package:
    """An npm package: its pinned version, the registry's integrity value, and the files to keep."""

    name: str
    version: str
    integrity: str
    files: tuple[str, ...]
    licence: str

    @property
    def folder(self) -> str:
        """The folder that holds it, version included, so that a browser may keep it for ever."""
        return f"{self.name.split('.')[0]}-{self.version}"


_CBORG = (
    "0uint", "1negint", "2bytes", "3string", "4array", "5map", "6tag", "7float", "byte-utils", "common", "decode", "jump",
    "token",
)  # fmt: skip
"""The modules of cborg that decoding needs."""

PACKAGES = (
    Package(
        "bootstrap",
        "5.3.9",
        "sha512-20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w==",
        ("dist/css/bootstrap.min.css", "LICENSE"),
        "MIT",
    ),
    Package(
        "htmx.org",
        "2.0.11",
        "sha512-Thx/WtpeOQqSrqBCw/A1cwGJGg4UrVa3+sW0GmrM3p4gJgO89ecH4qtbnyzDDWFvBTqjnIMCgELTNt636dtamA==",
        ("dist/htmx.min.js", "LICENSE"),
        "0BSD",
    ),
    Package(
        "idb",
        "8.0.4",
        "sha512-jd0ITCrN+Zah4J7R/Z2jnR3W7A4BXDAjmo62MwWuSjxCiueUAf7X5rbodEdidWzeknwXHmLpdZkoiiCppNi30Q==",
        ("build/index.js", "LICENSE"),
        "ISC",
    ),
    Package(
        "cborg",
        "6.1.5",
        "sha512-1aoxfkckZmul5tFUL0p1+VRiZrXUGMxk6JQVpVv42yD21K7fh86L5WlyYgzsNv4w6Nm9ysQI9c6yDemom24HUQ==",
        (*(f"lib/{name}.js" for name in _CBORG), "LICENSE"),
        "Apache-2.0",
    ),
    Package(
        "barcode-detector",
        "3.2.2",
        "sha512-/4QOrrNrCRmDSBWiiP4aC72dnkuXUEdcFRidHgbPRXUpy82XcCMvJssI6fEs6JT42LS7DvBVZO70qasJbYKyrA==",
        ("dist/es/ponyfill.js", "dist/es/zxing-exported.js", "LICENSE"),
        "MIT",
    ),
    Package(  # the very version that barcode-detector was built with
        "zxing-wasm",
        "3.1.3",
        "sha512-3lC9BJk4fR5ZJxcGjb0hVnDFOW7KpLXHIebiBmVd4FDRQZVeObztoTKxRUPxlWwSgxrMRONK0u50hBD1aTYEKg==",
        ("dist/reader/zxing_reader.wasm", "LICENSE"),
        "MIT",
    ),
)


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(package: Package) -> dict[str, str]:
    """Download a package, compare it with its integrity value, and unpack the files to keep. Returns their hashes."""
    with tempfile.TemporaryDirectory() as scratch:
        command = ["npm", "pack", "--silent", "--pack-destination", scratch, f"{package.name}@{package.version}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        tarball = next(Path(scratch).glob("*.tgz"))
        algorithm, _, expected = package.integrity.partition("-")
        found = base64.b64encode(hashlib.new(algorithm, tarball.read_bytes()).digest()).decode()
        if found != expected:
            raise SystemExit(f"{package.name}@{package.version}: {algorithm} is {found}, pinned is {expected}")
        return _unpack(package, tarball)


def _unpack(package: Package, tarball: Path) -> dict[str, str]:
    target = FOLDER / package.folder
    target.mkdir(parents=True, exist_ok=True)
    hashes = {}
    with tarfile.open(tarball) as archive:
        for name in package.files:
            member = archive.extractfile(f"package/{name}")
            if member is None:
                raise SystemExit(f"{package.name}@{package.version} holds no file {name}")
            file = target / Path(name).name
            file.write_bytes(_without_source_map(member.read()))
            hashes[file.name] = digest(file)
    return hashes


def _without_source_map(content: bytes) -> bytes:
    """Drop the last line that points at a source map which we don't ship (developer tools would ask for it)."""
    lines = content.rstrip().split(b"\n")
    return content if b"sourceMappingURL=" not in lines[-1] else b"\n".join(lines[:-1]) + b"\n"


def check() -> list[str]:
    """What differs between ``vendor.json`` and the files that are there; nothing is good."""
    listed = json.loads((FOLDER / "vendor.json").read_text())
    wrong = [
        f"{package['folder']}/{name} is missing or was changed"
        for package in listed
        for name, expected in package["sha256"].items()
        if not (FOLDER / package["folder"] / name).is_file() or digest(FOLDER / package["folder"] / name) != expected
    ]
    known = {f"{package['folder']}/{name}" for package in listed for name in package["sha256"]} | {"vendor.json"}
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    return wrong + [f"{name} is in no package" for name in sorted(there - known)]


def main() -> None:
    parser = argparse.ArgumentParser(description="Fetch or check the web assets that Fugong ships.")
    parser.add_argument("--check", action="store_true", help="compare the files with vendor.json and fetch nothing")
    if parser.parse_args().check:
        wrong = check()
        print("\n".join(wrong) or "The vendored files are as vendor.json says.")
        sys.exit(1 if wrong else 0)
    listed = [
        {
            "name": package.name,
            "version": package.version,
            "folder": package.folder,
            "licence": package.licence,
            "integrity": package.integrity,
            "sha256": fetch(package),
        }
        for package in PACKAGES
    ]
    (FOLDER / "vendor.json").write_text(json.dumps(listed, indent=2, ensure_ascii=False) + "\n")
    print(f"{len(listed)} packages in {FOLDER}")


if __name__ == "__main__":
    main()
