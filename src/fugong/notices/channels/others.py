"""SMS by a gateway's HTTP interface, e-mail, people's own page, and anything else through Apprise."""

from __future__ import annotations

import json
import smtplib
from urllib.parse import urlencode

from fugong.notices.channels.common import Adapter, Answer, Letter, Way, by_status, call, safely
from fugong.notices.models import ACCEPTED, LATER, REFUSED, UNKNOWN

A_DAY = 86_400


class Page(Adapter):
    """People's own page: it has arrived as soon as it is there."""

    batch, repeatable = 1_000, A_DAY

    def send(self, way: Way, letter: Letter) -> Answer:
        """Nothing has to be done."""
        return Answer(ACCEPTED)


class Sms(Adapter):
    """A gateway that takes a number and a text by POST, one a call.

    ``url`` and the names of its fields are settings. With ``key_field`` the gateway itself drops a message whose key it has had:
    then what nobody knows of is sent again by itself. ``ok_field`` and ``ok_value`` say by which field it says yes.
    """

    repeatable = A_DAY
    needs = ("url", "phone_field", "text_field")
    may = ("key_field", "ok_field", "ok_value", "format")
    secrets = ("header", "value")

    def send(self, way: Way, letter: Letter) -> Answer:
        """Send one message."""
        said, data = way.settings, {}
        data[said["phone_field"]], data[said["text_field"]] = letter.to[0], letter.whole
        if said.get("key_field"):
            data[said["key_field"]] = letter.key
        as_form = said.get("format") == "form"
        body = urlencode(data).encode() if as_form else json.dumps(data, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded" if as_form else "application/json; charset=utf-8"
        }
        if way.secret.get("header"):
            headers[way.secret["header"]] = way.secret.get("value", "")

        def ask() -> Answer:
            reply = call(said["url"], body=body, headers=headers, timeout=way.timeout)
            trouble = by_status(reply)
            if trouble is not None or not said.get("ok_field"):
                return trouble or Answer(ACCEPTED)
            told = str(reply.json().get(said["ok_field"], ""))
            return Answer(ACCEPTED) if told == str(said.get("ok_value", "")) else Answer(REFUSED, told[:64])

        return safely(ask)


class Mail(Adapter):
    """E-mail by the mail server of the installation (``FUGONG_SMTP``), one a call, with the files."""

    def send(self, way: Way, letter: Letter) -> Answer:
        """Send one mail; its Message-ID follows from the key."""
        from django.core.mail import EmailMessage

        text = "\n\n".join(part for part in (letter.text, letter.link) if part)
        message = EmailMessage(
            letter.title.replace("\n", " "), text, to=list(letter.to), headers={"Message-ID": f"<{letter.key}@fugong>"}
        )
        for name, kind, content in letter.files:
            message.attach(name, content, kind)
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            return Answer(REFUSED, "recipient", type(error).__name__)
        except (smtplib.SMTPConnectError, smtplib.SMTPAuthenticationError, smtplib.SMTPHeloError) as error:
            return Answer(LATER, "mail_server", type(error).__name__, hold=300)
        except smtplib.SMTPResponseException as error:
            later = 400 <= error.smtp_code < 500
            return Answer(LATER if later else REFUSED, f"smtp_{error.smtp_code}", type(error).__name__)
        except ConnectionRefusedError as error:
            return Answer(LATER, "no_connection", type(error).__name__, hold=60)
        except (OSError, smtplib.SMTPException) as error:
            return Answer(UNKNOWN, "no_answer", type(error).__name__)
        return Answer(ACCEPTED)


class Other(Adapter):
    """Whatever Apprise knows, by its address (``feishu://…``, ``tgram://…``): it speaks to a group, so nothing personal goes.

    Apprise says yes or no and not why: after a no nobody knows.
    """

    secrets = ("address",)

    def send(self, way: Way, letter: Letter) -> Answer:
        """Hand it to Apprise."""
        try:
            import apprise  # the extra “notices”
        except ImportError:
            return Answer(LATER, "apprise_missing", hold=300)
        ways = apprise.Apprise()
        if not ways.add(way.secret.get("address", "")):
            return Answer(LATER, "apprise_address", hold=300)
        said = ways.notify(title=letter.title, body="\n".join(filter(None, (letter.text, letter.link))))
        return Answer(ACCEPTED) if said else Answer(UNKNOWN, "apprise_no")
