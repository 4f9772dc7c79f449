"""Protocol packs as the pages show them: checked against the ledger's kinds."""

from __future__ import annotations

from fugong.core.protocol.pack import Pack, RawField, RawKind, against, load
from fugong.ledger.kinds import KINDS

LEDGER = {
    kind.name: RawKind(
        kind.subject, kind.shape,
        {field.name: RawField(field.type, field.choices, field.refers_to) for field in kind.fields},
    )
    for kind in KINDS.values()
    if kind.in_protocols
}  # fmt: skip
"""The ledger's kinds as the core sees them: those on which a protocol may rest."""


def checked(text: str, name: str = "pack") -> Pack:
    """A pack that reads facts as the ledger keeps them. Raises PackError with line and column.

    Browsers send line ends as CR LF; a pack keeps LF, so that its digest stays that of the file.
    """
    pack = load(text.replace("\r\n", "\n"), name=name)
    against(pack, LEDGER)
    return pack
