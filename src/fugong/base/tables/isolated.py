"""Reads one workbook in a process of its own: standard input to a pickle of plain values on standard output.

A file that is damaged or made with bad intent can make the reader allocate without end or abort; then this process
ends, and not the server. It imports nothing of ours. What it writes is `("sheets", [...])`, `("password", None)` or
`("broken", None)`.
"""

from __future__ import annotations

import contextlib
import io
import pickle
import sys
from typing import Any

MEMORY = 3 * 2**30
"""Bytes of address space that one workbook may take."""


def read(data: bytes) -> tuple[str, Any]:
    """What stands in a workbook: for each worksheet its name, rows, merged ranges, and whether it is hidden."""
    import python_calamine as calamine

    try:
        workbook = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = []
        for meta in workbook.sheets_metadata:
            if meta.typ == calamine.SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(meta.name)
                merged = tuple(sheet.merged_cell_ranges or ())
                hidden = meta.visible != calamine.SheetVisibleEnum.Visible
                sheets.append((meta.name, sheet.to_python(skip_empty_area=False), merged, hidden))
    except calamine.PasswordError:
        return "password", None
    except BaseException:  # noqa: BLE001, RUF100  (a panic of the reader, which is written in Rust, is no Exception)
        return "broken", None
    return "sheets", sheets


def main() -> None:
    """Read from standard input, within the limit of memory where the system knows one."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(pickle.dumps(read(sys.stdin.buffer.read()), protocol=5))


if __name__ == "__main__":
    main()
