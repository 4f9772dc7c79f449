"""In which province a telephone number is at home: of landlines their area code says so, of mobile numbers nothing here does.

The first three digits of area codes belong to provinces (the national numbering plan of fixed telephones); provinces as the
first two digits of GB/T 2260. Which mobile numbers were given out where is a list that changes and that nobody publishes.
"""

from __future__ import annotations

import re

_PROVINCES = {
    "11": "010", "12": "022", "13": "031 0335", "14": "034 035", "15": "047 048", "21": "024 041 042", "22": "043 044",
    "23": "045 046", "31": "021", "32": "025 051 052", "33": "057 058", "34": "055 056", "35": "059", "36": "070 079",
    "37": "053 054 063", "41": "037 039", "42": "027 071 072", "43": "073 074", "44": "020 066 075 076", "45": "077",
    "46": "0898 0899", "50": "023", "51": "028 081 082 083", "52": "085", "53": "069 087 088",
    "54": "0891 0892 0893 0894 0895 0896 0897",
    "61": "029 091", "62": "093 094", "63": "097", "64": "095", "65": "090 099",
}  # fmt: skip
_CODES = {prefix: province for province, prefixes in _PROVINCES.items() for prefix in prefixes.split()}


def province_of(phone: str) -> str | None:
    """The province of a landline, as the first two digits of its GB/T 2260 code; None for a mobile number and others."""
    digits = re.sub(r"[^0-9+]", "", phone)
    digits = "0" + digits[3:] if digits.startswith("+86") else digits
    if not digits.startswith("0") or not 10 <= len(digits) <= 12:
        return None
    return _CODES.get(digits[:4]) or _CODES.get(digits[:3])
