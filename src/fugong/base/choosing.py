"""Choices of rows in a form, set when the form is made: whose they may be depends on who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import QuerySet


def offer(form: forms.Form, field: str, rows: QuerySet[Any], *, label: Callable[[Any], str] | None = None) -> None:
    """Let a field of rows (``ModelChoiceField``) offer these ones, each by ``label`` instead of its own words.

    Raises TypeError where the field is of another kind.
    """
    choice = form.fields[field]
    if not isinstance(choice, forms.ModelChoiceField):
        raise TypeError(field)
    choice.queryset = rows
    if label is not None:
        choice.label_from_instance = label  # type: ignore[method-assign, assignment]  # Django's own way to set it for one form
