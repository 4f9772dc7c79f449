"""The pages: writing with a preview and two clicks, setting up, the worker's own page, an address that is opened by a button."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import builders
from fugong.base.choosing import FEW
from fugong.notices import links
from fugong.notices.models import Address, Attachment, Channel, Delivery, Notice, Reminding, Secret, Template
from fugong.notices.services import setup
from fugong.notices.services.queueing import queue
from notices.conftest import PLAIN, Here, app_channel, channel, send

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 where and when"


def client_of(user: object) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def written(client: Client, here: Here, **more: object):
    given = {
        "to": "enterprise", "of": str(here.enterprise), "title_zh": "停水通知", "text_zh": "{name}，明天停水。", "languages": "zh", **more,
    }  # fmt: skip
    return client.post(given.pop("path", "/notices/new/"), given)


def test_a_clerk_writes_previews_and_sends_in_two_clicks(here, time, wecom):
    wecom.users = {f"u{n}" for n in range(10)}
    way = app_channel(wecom)
    clerk = client_of(here.clerk)
    assert "停水" not in clerk.get("/notices/").content.decode()
    answer = written(clerk, here, channels=[str(way.pk)])
    page = clerk.get(answer["Location"]).content.decode()
    assert "陈明，明天停水。" in page
    assert "It goes to 10 people" in page
    send(time)
    assert Delivery.objects.count() == 0  # a draft
    said = clerk.post(answer["Location"], {"do": "confirm", "shown": "10", "sure": "1"}, follow=True).content.decode()
    assert "It goes out now." in said
    send(time)
    page = clerk.get(answer["Location"]).content.decode()
    assert page.count("accepted by the channel") > 10
    assert builders.name(0) in page
    assert len(wecom.inbox["u4"]) == 1
    assert "停水通知" in clerk.get("/notices/").content.decode()


def test_a_notice_in_two_languages_with_a_file_reaches_who_got_it_and_nobody_else(here, time):
    setup.save_addresses(kind="mail", rows=[(here.workers[0], None, "one@example.org")], now=time.now)
    way, clerk = channel("mail", "", {}), client_of(here.clerk)
    plan, program = (SimpleUploadedFile(name, content) for name, content in (("停水.pdf", PDF), ("x.pdf", b"MZ")))
    said = {
        "languages": "zh en",
        "title_en": "No water",
        "text_en": "{name}: no water tomorrow.",
        "channels": [str(way.pk)],
    }
    assert "x.pdf" in written(clerk, here, **said | {"files": program}).content.decode()
    assert "English" in written(clerk, here, **said | {"text_en": ""}).content.decode()
    assert not Notice.objects.exists()
    address = written(clerk, here, **said | {"files": plan})["Location"]
    file = Attachment.objects.get()
    assert PDF not in bytes(file.encrypted)
    clerk.post(address, {"do": "confirm", "shown": "10", "sure": "1"})
    send(time)
    (letter,) = mail.outbox
    assert (letter.subject, letter.attachments[0][:2]) == ("停水通知 / No water", ("停水.pdf", PDF))
    assert letter.body.startswith(f"{builders.name(0)}，明天停水。\n\n{builders.name(0)}: no water tomorrow.")
    here_it_is = f"{address}files/{file.pk}/"
    reader = client_of(builders.user("worker", here.workers[0], "first"))
    assert here_it_is in reader.get(f"/me/notices/{file.notice_id}/").content.decode()
    assert (reader.get(here_it_is).content, clerk.get(here_it_is).content) == (PDF, PDF)
    (stranger,) = builders.workers(builders.enterprise(9, "别处企业"), 1, first=50)
    assert client_of(builders.user("worker", stranger, "stranger")).get(here_it_is).status_code == 404


def test_what_is_wrong_is_said_at_the_form_and_nothing_typed_is_lost(here, time):
    clerk = client_of(here.clerk)
    answer = written(clerk, here, text_zh="{nmae}，明天停水。")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is no variable {nmae}" in page
    assert "{nmae}，明天停水。" in page
    assert written(clerk, here, to="town", of="").status_code == 422  # no clerk writes to the whole town
    robot = Channel.objects.create(kind="wecom_robot", name="车间群", changed_at=1)
    said = written(clerk, here, channels=[str(robot.pk)]).content.decode()
    assert "writes to a whole group, and {name} is personal" in said
    assert Notice.objects.count() == 0


def options(page: str) -> list[str]:
    """What can be chosen, in order; a star behind what is chosen."""
    found = re.findall(r'name="of" value="[^"]*" required( checked)?><span translate="no">([^<]*)<', page)
    return [name + "*" * bool(chosen) for chosen, name in found]


def test_one_of_many_enterprises_is_found_by_searching_and_what_was_typed_stays(here, time):
    admin, clerk = client_of(here.admin), client_of(here.clerk)
    assert options(clerk.get("/notices/new/?to=enterprise").content.decode()) == [
        "临江纺织有限公司*"
    ]  # there is no other
    assert options(admin.get("/notices/new/?to=town").content.decode()) == []
    for n in range(FEW):
        builders.enterprise(100 + n, f"东村针织{n:02}厂", resumed=False)
    page = admin.get(f"/notices/new/?to=enterprise:{here.enterprise}").content.decode()
    assert len(page) < 30_000
    assert "13 match; the first 12 are shown" in page
    assert options(page)[0] == "临江纺织有限公司*"
    assert options(admin.get("/notices/new/?to=enterprise&find=针织+03厂").content.decode()) == ["东村针织03厂"]
    assert options(admin.get("/notices/new/?to=enterprise&find=MA0000107").content.decode()) == ["东村针织07厂"]
    page = admin.get(f"/notices/new/?to=enterprise&of={here.enterprise}&find=nothing").content.decode()
    assert options(page) == ["临江纺织有限公司*"]  # what was chosen stays, whatever is searched for
    page = written(
        admin, here, do="find", find="针织", text_zh="说到一半", of=""
    ).content.decode()  # without JavaScript
    assert "说到一半" in page
    assert len(options(page)) == FEW
    assert "12 match." in page
    assert "Choose to whom it goes" in written(admin, here, of="").content.decode()
    assert "Choose to whom it goes" in written(admin, here, of=str(here.admin.pk)).content.decode()
    assert Notice.objects.count() == 0


def test_a_draft_that_is_changed_keeps_its_moment_and_its_recipients(here, time):
    admin = client_of(here.admin)
    draft = written(admin, here, send_at="2020-03-10T07:40")["Location"]
    page = admin.get(f"{draft}edit/").content.decode()
    assert 'value="2020-03-10T07:40"' in page
    assert options(page) == ["临江纺织有限公司*"]
    time.now += 600
    assert (
        written(admin, here, path=f"{draft}edit/").status_code == 302
    )  # as soon as it is confirmed, however often it is changed
    time.now += 600
    assert 'name="send_at" value=""' in admin.get(f"{draft}edit/").content.decode()


def test_the_town_sets_channels_up_and_never_sees_a_secret_again(here, time):
    admin = client_of(here.admin)
    page = admin.get("/notices/channels/new/dingtalk_work/")
    assert page.status_code == 200
    given = {
        "name": "镇钉钉",
        "agent_id": "1234",
        "app_key": "key-1",
        "app_secret": "very-secret",
        "active": "1",
        "automatic": "1",
        "most": "5",
    }
    wrong = {name: value for name, value in given.items() if name != "active"} | {"agent_id": "", "name": ""}
    refused = admin.post("/notices/channels/new/dingtalk_work/", wrong)
    assert refused.status_code == 422
    assert "“name, Agent id of the app” is needed" in refused.content.decode()
    assert re.findall(r'name="(automatic|active)" value="1"( checked)?', refused.content.decode()) == [
        ("automatic", " checked"), ("active", ""),
    ]  # fmt: skip
    assert admin.post("/notices/channels/new/dingtalk_work/", given).status_code == 302
    way = Channel.objects.get(name="镇钉钉")
    assert (way.automatic, way.most, way.seconds) == (True, 5, 1)
    assert b"very-secret" not in bytes(Secret.objects.get().encrypted)
    page = admin.get(f"/notices/channels/{way.pk}/").content.decode()
    assert "very-secret" not in page
    assert "kept; empty leaves it as it is" in page
    admin.post(f"/notices/channels/{way.pk}/", given | {"app_secret": "", "app_key": "key-2"})
    assert setup.secrets_kept(way) == {"app_key", "app_secret"}
    same = admin.post(f"/notices/channels/{way.pk}/", given | {"app_secret": "", "app_key": ""}, follow=True)
    assert "Nothing was changed." in same.content.decode()
    lines = f"clerk@page,mail@example.org\n{here.clerk.username},ding-clerk\nB3，ding-3"
    assert "Line 1" in admin.post("/notices/addresses/", {"kind": "dingtalk", "addresses": lines}).content.decode()
    kept = {"kind": "dingtalk", "addresses": lines.partition("\n")[2]}
    twice = admin.post("/notices/addresses/", kept | {"addresses": f"{kept['addresses']}\nB3,ding-4"})
    assert "Line 3: this person has an address" in twice.content.decode()
    said = [
        admin.post("/notices/addresses/", one, follow=True).content.decode()
        for one in (kept, kept, kept | {"addresses": ""})
    ]
    assert [("2 addresses were changed." in one, "Nothing was changed." in one) for one in said] == [
        (True, False), (False, True), (False, True),
    ]  # fmt: skip
    assert Address.objects.filter(kind="dingtalk", user=here.clerk).count() == 1
    admin.post("/notices/addresses/", kept | {"addresses": f"{here.clerk.username},"})
    assert not Address.objects.filter(kind="dingtalk", user=here.clerk).exists()
    admin.post("/notices/reminders/", {"remind": ["bus"]})
    assert set(Reminding.objects.filter(on=True).values_list("name", flat=True)) == {"bus"}


def test_a_template_of_the_towns_takes_the_place_of_a_built_in_one(here, time):
    admin = client_of(here.admin)
    assert "陈明" in admin.get("/notices/templates/register/").content.decode()
    said = {"title_zh": "登记", "text_zh": "{name}请登记。", "title_en": "", "text_en": ""}
    assert admin.post("/notices/templates/register/", said | {"text_zh": "{x}"}).status_code == 422
    admin.post("/notices/templates/register/", said)
    assert Template.objects.get().title_zh == "登记"
    assert queue(template="register", workers=[], actor=None, now=time.now).title_zh == "登记"
    admin.post("/notices/templates/register/", {"do": "drop"})
    assert queue(template="register", workers=[], actor=None, now=time.now).title_zh == "请填写今日健康登记"
    assert "{name}：您今天" in admin.get("/notices/new/?template=register").content.decode()


def test_a_worker_finds_it_on_their_own_page_and_only_the_button_says_that_it_was_read(here, time):
    worker = builders.user("worker", here.workers[0], "first")
    phone, stranger = client_of(worker), client_of(builders.user("worker", here.workers[1], "second"))
    notice = queue(template="register", workers=here.workers[:1], actor=None, now=time.now)
    send(time)
    assert "1 notice that you have not read" in phone.get("/me/").content.decode()
    address = f"/me/notices/{notice.pk}/"
    assert builders.name(0) in phone.get(address).content.decode()
    assert Delivery.objects.get().opened_at is None
    assert stranger.get(address).status_code == 404
    phone.post(address)
    assert Delivery.objects.get().opened_at == time.now
    assert "I have read it" not in phone.get(address).content.decode()
    assert "not read" not in phone.get("/me/").content.decode()


def test_a_clerk_finds_what_came_to_them_by_the_menu_and_how_much_they_have_not_read(here, time):
    clerk, address = client_of(here.clerk), '<a href="/me/notices/"'
    queue(words=PLAIN, audience="clerks", actor=None, now=time.now)
    line = clerk.get("/notices/").content.decode().split(address)[1].split("</a>")[0]
    assert not re.search(r">\d+<", line)
    send(time)
    line = clerk.get("/notices/").content.decode().split(address)[1].split("</a>")[0]
    assert re.search(r">1<", line)
    (read,) = re.findall(r"/me/notices/[0-9a-f-]{36}/", clerk.get("/me/notices/").content.decode())
    assert "明天停水" in clerk.get(read).content.decode()
    clerk.post(read)
    line = clerk.get("/notices/").content.decode().split(address)[1].split("</a>")[0]
    assert not re.search(r">\d+<", line)
    assert "/me/notices/" in client_of(here.deputy).get("/town/").content.decode()


def test_an_address_of_ones_own_reads_and_marks_nothing_until_the_button_is_pressed(here, time, settings):
    settings.FUGONG_ADDRESS = "https://fugong.example"
    notice = queue(template="register", workers=here.workers[:2], actor=None, now=time.now)
    send(time)
    one = Delivery.objects.filter(notice=notice, worker=here.workers[0]).get()
    address = links.address(one.pk).removeprefix("https://fugong.example")
    nobody = Client()
    assert builders.name(0) not in nobody.get(address).content.decode()
    one.refresh_from_db()
    assert one.opened_at is None
    assert builders.name(0) in nobody.post(address).content.decode()
    one.refresh_from_db()
    assert one.opened_at == time.now
    other = Delivery.objects.filter(notice=notice, worker=here.workers[1]).get()
    mixed = links.token(other.pk)[:22] + links.token(one.pk)[22:]
    for wrong in (mixed, "AAAA", "=" * 40, "é"):
        assert nobody.post(f"/n/{wrong}/").status_code == 404
    other.refresh_from_db()
    assert other.opened_at is None


def test_a_list_makes_no_more_queries_for_more_notices(here, time, django_assert_max_num_queries):
    admin = client_of(here.admin)
    for n in range(3):
        queue(template="register", workers=here.workers[: n + 1], actor=None, now=time.now)
    with django_assert_max_num_queries(40) as few:
        admin.get("/notices/")
    before = len(few)
    for n in range(10):
        queue(template="register", workers=here.workers[: n % 3], actor=None, now=time.now)
    with django_assert_max_num_queries(before):
        page = admin.get("/notices/").content.decode()
    assert len(re.findall("请填写今日健康登记", page)) == 13
