"""The town and its enterprises: resumption, teams, policies, lists upward, premises, notices."""

from __future__ import annotations

import io

import openpyxl
from django.db import transaction

import builders
from fugong.base import local, personal
from fugong.core.text import Text
from fugong.notices.holdings import address_digest
from fugong.notices.models import Address, Attachment, Attempt, Channel, Delivery, Reminding, Secret, Template
from fugong.notices.services.queueing import queue
from fugong.notices.wording import Words
from fugong.policies.language.reading import shipped
from fugong.policies.models import Claim, ClaimLine, ClaimStep, Measure, Payment, PolicyDocument
from fugong.premises.canteen import services as canteen
from fugong.premises.dormitories import services as dormitories
from fugong.premises.hygiene import services as hygiene
from fugong.premises.models import Absence, Shortfall
from fugong.premises.sites import By as Keeper
from fugong.premises.stock import services as stock
from fugong.registry.models import Site
from fugong.resumption.models import Condition, Filing, Rule, Step
from fugong.submissions.models import Layout, Submission, SubmissionRow
from fugong.teams.models import Area, Charge, Lead, Member, Problem, ProblemEvent, Spot
from fugong.teams.models import Attachment as Picture
from fugong.teams.models import Visit as Call
from walls.side import EARLY, FIRST, NOW, Side


def resumed(side: Side) -> None:
    """A filing that waits, with its history and a condition; output that is asked back; a way of filing."""
    enterprise = side.enterprise
    Rule.objects.create(regime="permit", papers=["prevention_plan"], start=EARLY + FIRST[side.key], recorded_at=EARLY)
    filing = Filing.objects.create(
        enterprise=enterprise, regime="permit", state=Filing.WAITING, starts=NOW, plan=f"words of {side.key}", filed_at=NOW,
        changed_at=NOW,
    )  # fmt: skip
    Step.objects.create(filing=filing, enterprise=enterprise, what="filed", at=NOW)
    Condition.objects.create(filing=filing, enterprise=enterprise, words=f"words of {side.key}")
    builders.record(enterprise.pk, "capacity", NOW - 60, {"current_yuan": 3000, "normal_yuan": 1000})
    side.filing = filing.pk


def visited(side: Side) -> None:
    """The patch on the map, a member, who looks after the enterprise and answers for it, a visit with a picture, a problem."""
    member, firm = side.users["service_team_member"], side.enterprise
    Area.objects.create(patch_id=side.patch, rings=[], latitude=26, longitude=119, changed_at=NOW)
    Spot.objects.create(enterprise=firm, latitude=26, longitude=119, start=NOW)
    Member.objects.create(team_id=side.team, user=member, name=f"member of {side.key}", leads=True, start=EARLY)
    Charge.objects.create(enterprise=firm, team_id=side.team, start=EARLY)
    Lead.objects.create(enterprise=firm, name=f"leader of {side.key}", start=EARLY)
    call = Call.objects.create(enterprise=firm, team_id=side.team, day=local.start_of_day(builders.DAY), changed_at=NOW)
    problem = Problem.objects.create(
        enterprise=firm, kind="money", words=f"words of {side.key}", owner="town", opened_at=NOW, due_at=NOW + 1
    )
    ProblemEvent.objects.create(problem=problem, enterprise=firm, kind="opened", at=NOW, recorded_at=NOW)
    picture = Picture.objects.create(
        visit=call, enterprise=firm, kind="photo", media_type="image/png", size=1, taken_at=NOW, recorded_at=NOW,
        encrypted=personal.encrypt_bytes(b"\x89PNG\r\n\x1a\n"),
    )  # fmt: skip
    side.call, side.problem, side.picture = call.pk, problem.pk, picture.pk


def policies(side: Side) -> None:
    """A document, a measure that is no secret, and what the enterprise claims by it for its first worker."""
    made = PolicyDocument.objects.create(
        title=f"policy {side.key}", issuer="town", level="district", number=f"no. {side.key}", filename="policy.txt",
        media="text/plain", content=b"words", added_at=NOW,
    )  # fmt: skip
    text = shipped()["fuzhou-2020-22-keep-post"].replace("fuzhou-2020-22", f"fuzhou-2020-22-{side.key}")
    measure = Measure.objects.create(
        key=f"fuzhou-2020-22-{side.key}-keep-post", version="2020-03", title_zh="留岗", title_en="keep posts",
        status="complete", document=made, text=text, taken_at=NOW,
    )  # fmt: skip
    claim = Claim.objects.create(
        enterprise=side.enterprise, measure=measure, measure_key=measure.key, state="approved", claimed=860_00, approved=860_00,
        drafted_at=NOW, changed_at=NOW,
    )  # fmt: skip
    ClaimLine.objects.create(claim=claim, worker_id=side.workers[0], measure_key=measure.key, amount=860_00)
    ClaimStep.objects.create(claim=claim, state="approved", at=NOW)
    Payment.objects.create(claim=claim, approved=860_00, amount=860_00, paid_at=NOW, recorded_at=NOW)
    side.policy, side.measure, side.claim = made.pk, measure.pk, claim.pk


def signed(side: Side) -> None:
    """A signed list with the first worker on it, and an office's layout."""
    number = Submission.objects.count() + 1
    with transaction.atomic():  # a list is signed or it is not there
        made = Submission.objects.create(
            kind="not_returned", version=number, office=f"office {side.key}", as_of=NOW, known_at=NOW
        )
        said = {"name": side.names[0], "enterprise": side.enterprise.name, "evidence": {}}
        SubmissionRow.objects.create(submission=made, place=1, key="1", subject_id=side.workers[0], values=said)
        Submission.objects.filter(pk=made.pk).update(rows=1, digest="0" * 64, signed_at=NOW, signed_by="somebody")
    book = openpyxl.Workbook()
    book.active["A1"] = "{name}"
    kept = io.BytesIO()
    book.save(kept)
    side.signed = made.pk
    side.layout = Layout.objects.create(
        kind="not_returned", name=f"layout {side.key}", content=kept.getvalue(), added_at=NOW
    ).pk  # fmt: skip


def kept(side: Side) -> None:
    """A bed and a seat of the first; the second was missing in a round, and was handed masks of a store."""
    first, second, _third = side.workers
    site = Site.objects.get(pk=side.site)
    keeper = Keeper(NOW, None)
    (room,) = dormitories.add_rooms(site=site, rooms=[dormitories.NewRoom("201", 1)])
    dormitories.assign(lodgings=[dormitories.Assign(first, room.beds.get().pk)], by=keeper)
    Absence.objects.create(site=site, enterprise=side.enterprise, worker_id=second, round_at=NOW, opened_at=NOW)
    duty = hygiene.add_duty(site=site, kind="canteen", name=f"words of {side.key}", now=NOW)
    done = hygiene.Done("84", 500, 30, f"cleaner of {side.key}", b"\xff\xd8\xff picture")
    cleaning = hygiene.record(duty=duty.pk, done=done, at=NOW, by=keeper)
    (table,) = canteen.add_tables(site=site, tables=[("1", 4)], now=NOW)
    shift = canteen.add_shift(site=site, name="午餐", starts=690, ends=720, now=NOW)
    canteen.seat(seats=[canteen.Seat(first, shift.pk, table.pk)], by=keeper)
    masks = stock.add_item(site=site, item="口罩", now=NOW)
    stock.deliver(stock=masks.pk, number=10, by=keeper)
    stock.issue(handed=[stock.Handed(second, masks.pk, 1)], by=keeper)
    fact = builders.record(second, "supplies", NOW, {"item": "手套", "number": 2})
    Shortfall.objects.create(
        site=site, enterprise=side.enterprise, worker_id=second, fact_id=fact, item="手套", number=2, on_hand=0, at=NOW,
        noted_at=NOW,
    )  # fmt: skip
    side.room, side.cleaning = room.pk, cleaning.pk


def told(side: Side) -> None:
    """A notice of the enterprise to its first worker, who has an address, with a file; and how the town's channel is opened."""
    clerk, first = side.users["enterprise_clerk"], side.workers[0]
    robot = Channel.objects.create(kind="wecom_robot", name=f"robot {side.key}", changed_at=NOW)
    Secret.objects.create(channel=robot, encrypted=personal.encrypt("{}"))
    Template.objects.create(name=f"own-{side.key}", title_zh="题", text_zh="文", changed_at=NOW)
    Reminding.objects.create(name=f"remind-{side.key}", changed_at=NOW)
    Address.objects.create(
        kind="mail",
        worker_id=first,
        encrypted=personal.encrypt("a@b"),
        digest=address_digest("mail", "a@b"),
        changed_at=NOW,
    )
    notice = queue(
        words=Words(Text(f"words of {side.key}", ""), Text(f"words of {side.key}", "")), workers=[first],
        enterprise=side.enterprise.pk, actor=clerk.pk, now=NOW,
    )  # fmt: skip
    attached = Attachment.objects.create(
        notice=notice,
        filename=f"evidence-{side.key}.png",
        media_type="image/png",
        size=1,
        encrypted=personal.encrypt("x"),
    )
    delivery = Delivery.objects.get(notice=notice)
    Attempt.objects.create(channel=delivery.channel, notice=notice, people=[delivery.pk], asked_at=NOW, payload=b"1")
    side.notice, side.attachment, side.delivery, side.channel = notice.pk, attached.pk, delivery.pk, robot.pk
