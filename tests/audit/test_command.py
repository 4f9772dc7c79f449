"""``fugong audit`` on the command line, and the head that is sent outside."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from click.testing import CliRunner
from django.core import mail
from django.utils import translation

from audit.conftest import head, note, verified
from fugong.audit import outside
from fugong.base import access
from fugong.project.cli.audit import command


def run(*arguments: str) -> tuple[int, str]:
    with translation.override("en"):
        result = CliRunner().invoke(command, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_sealing_and_verifying_against_a_printed_head(transactional_db: None) -> None:
    assert run("head") == (2, "Error: Nothing is sealed yet. Run “fugong audit seal --once”.\n")
    for _entry in range(3):
        note()
    waiting = 3
    while waiting:  # transactions of other databases of the server keep entries waiting
        assert run("seal", "--once")[0] == 0
        waiting = verified().waiting
    code, printed = run("head")
    assert (code, printed) == (0, f"{head()}\n")
    code, said = run("verify", "--head", printed.strip(), "--json")
    assert (code, json.loads(said.splitlines()[-1])) == (
        0, {"entries": 3, "batches": head().number, "waiting": 0, "findings": []},
    )  # fmt: skip


def test_what_was_tampered_with_is_named_and_the_exit_code_says_so(
    chain: list[int], attack: Callable[..., None]
) -> None:
    attack("DELETE FROM audit_entry WHERE id = %s", chain[7])
    code, said = run("verify")
    assert code == 1
    assert f"Entry {chain[7]} (seal 8) was removed." in said
    assert "Without a head from outside (--head)" in said
    assert json.loads(run("verify", "--json")[1].splitlines()[-1])["findings"] == [
        {"code": "audit.removed", "entry": chain[7], "number": 8}
    ]


@pytest.mark.parametrize("wrong", ["", "12", "12:xyz", "x:" + "0" * 64, "1:" + "0" * 63])
def test_a_wrong_head_is_one_sentence(db: None, wrong: str) -> None:
    code, said = run("verify", "--head", wrong)
    assert code == 2
    assert said.splitlines()[-1].startswith("Error: --head: ")


def test_the_head_is_posted_and_mailed(chain: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    received: list[bytes] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_told: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        monkeypatch.setenv("FUGONG_AUDIT_POST", f"http://127.0.0.1:{server.server_port}/heads")
        monkeypatch.setenv("FUGONG_AUDIT_MAIL", "a@example.org, b@example.org")
        with access.acting(access.as_system("test")):
            assert outside.send() == {"mailed": 2, "posted": 1}
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert json.loads(received[0])["head"] == str(head())
    (message,) = mail.outbox
    assert message.to == ["a@example.org", "b@example.org"]
    assert str(head()) in message.body


def test_nothing_is_sent_where_nobody_is_named(chain: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FUGONG_AUDIT_POST", raising=False)
    monkeypatch.delenv("FUGONG_AUDIT_MAIL", raising=False)
    with access.acting(access.as_system("test")):
        assert outside.send() == {"mailed": 0, "posted": 0}
    assert mail.outbox == []


def test_an_address_of_another_kind_is_refused(chain: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("file:///etc/passwd", "http://example.org/heads", "http://127.0.0.1.example.org/", "example.org"):
        monkeypatch.setenv("FUGONG_AUDIT_POST", address)
        with access.acting(access.as_system("test")), pytest.raises(ValueError, match="https"):
            outside.send()


def test_the_head_does_not_follow_where_the_receiver_sends_it(
    chain: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_told: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        monkeypatch.setenv("FUGONG_AUDIT_POST", f"http://127.0.0.1:{server.server_port}/heads")
        monkeypatch.delenv("FUGONG_AUDIT_MAIL", raising=False)
        with access.acting(access.as_system("test")), pytest.raises(OSError, match="302"):
            outside.send()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert asked == []
