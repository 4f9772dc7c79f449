import pytest
from django.test import Client


@pytest.mark.django_db
def test_sign_in_page_answers() -> None:
    page = Client().get("/login/")
    assert page.status_code == 200
    assert b"fugong.css" in page.content
