"""The keep-post subsidy: its oracle, each condition alone, amounts that follow the data, and what is missing."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

import builders
from fugong.policies.errors import PolicyError
from fugong.policies.language import eligibility
from fugong.policies.language.reading import parse, shipped
from fugong.policies.services import claims, documents
from fugong.registry.asked import open_items
from policies import keep_post
from policies.keep_post import CONDITIONS, NOW, TEXT

pytestmark = pytest.mark.django_db
MEASURE = parse(TEXT)


def result(enterprise, measure=MEASURE, at=NOW):
    return eligibility.of_enterprises([measure], [enterprise.pk], at)[enterprise.pk][0]


@pytest.fixture
def firm():
    builders.town()
    return keep_post.enterprise()


def test_sixty_one_people_of_twenty_six_firms_come_to_52460_yuan():
    builders.town()
    firms = [keep_post.enterprise(n, f"企业{n}有限公司") for n in range(1, 27)]
    numbers = [3] * 9 + [2] * 17  # 61 people
    first = 0
    for firm, number in zip(firms, numbers, strict=True):
        keep_post.people(firm, number, first)
        first += number
    with CaptureQueriesContext(
        connection,
    ) as asked:
        found = eligibility.of_enterprises([MEASURE], [firm.pk for firm in firms], NOW)
    results = [one for some in found.values() for one in some]
    assert sum(len(one.of_people("yes")) for one in results) == 61
    assert {one.standing for one in results} == {"yes"}
    assert sum(one.amount for one in results) == 52_460_00
    assert len(asked) == 4


@pytest.mark.parametrize("lacking", CONDITIONS)
def test_who_fails_one_condition_is_told_exactly_that_one(firm, lacking):
    (worker,) = builders.workers(firm, 1)
    keep_post.write(keep_post.facts(worker, without=lacking))
    judged = eligibility.of_people(MEASURE, [worker], NOW)[worker]
    assert [one.condition.name for one in judged.failing] == [lacking]
    assert not judged.missing
    assert judged.standing != "yes"
    assert all(one.facts for one in judged.verdicts)  # the facts behind each yes and no


@pytest.mark.parametrize("lacking", CONDITIONS)
def test_what_nobody_said_is_missing_and_never_a_no(firm, lacking):
    (worker,) = builders.workers(firm, 1)
    keep_post.write(keep_post.facts(worker, unknown=lacking))
    judged = eligibility.of_people(MEASURE, [worker], NOW)[worker]
    assert not judged.failing
    assert [one.condition.name for one in judged.missing] == [lacking]
    assert judged.standing == "open"


def test_two_months_and_a_gap_are_not_three_running(firm):
    (worker,) = builders.workers(firm, 1)
    told = [fact for fact in keep_post.facts(worker) if fact.kind != "social_insurance"]
    ends = [(1, 2), (3, 4)]
    told += [
        keep_post.NewFact(worker, "social_insurance", keep_post.month(a), {}, end=keep_post.month(b)) for a, b in ends
    ]
    keep_post.write(told)
    judged = eligibility.of_people(MEASURE, [worker], NOW)[worker]
    assert [one.condition.name for one in judged.failing] == ["insured"]


def test_another_minimum_wage_is_another_amount_without_code(firm):
    keep_post.people(firm, 2)
    assert result(firm).amount == 1720_00
    dearer = parse(TEXT.replace("value: 1720", "value: 1801"))
    assert result(firm, dearer).amount == 2 * 901_00  # 900.50 each, rounded half up to the yuan
    down = parse(TEXT.replace("value: 1720", "value: 1801").replace("way: half_up", "way: down"))
    assert result(firm, down).amount == 2 * 900_00


def test_an_enterprise_that_has_not_resumed_would_get_it_if_it_did():
    builders.town()
    firm = keep_post.enterprise(resumed=False)
    keep_post.people(firm, 1)
    found = result(firm)
    assert (found.standing, found.due) == ("open", None)
    assert [one.condition.name for one in found.own.failing] == ["resumed"]
    assert (found.amount, found.amount_if) == (860_00, 860_00)


def test_after_ten_working_days_it_is_too_late(firm):
    keep_post.people(firm, 1)
    due = result(firm).due
    assert due == builders.local.start_of_day(builders.local.date(2020, 3, 14))
    assert not result(firm, at=due - 1).late
    assert (result(firm, at=due).late, result(firm, at=due).standing) == (True, "no")


def test_a_measure_is_offered_asked_for_and_claimed_while_its_document_is_in_force(firm):
    days = '  level: city\n  first: "2020-03-08"\n  last: "2020-03-09"\n'
    text = TEXT.replace("  level: city\n", days)
    measure, taken = parse(text), keep_post.take(text)
    keep_post.people(firm, 1)
    (more,) = builders.workers(firm, 1, 30)
    keep_post.write(keep_post.facts(more, unknown="post_kept"))
    ends = builders.local.start_of_day(builders.local.date(2020, 3, 10))
    for at, standing in ((ends - 2 * 86_400 - 1, "no"), (NOW, "yes"), (ends - 1, "yes"), (ends, "no")):
        assert result(firm, measure, at).standing == standing
    assert "people_post_kept" in {one.question.code for one in open_items([firm.pk], ends - 1)[firm.pk]}
    assert "people_post_kept" not in {one.question.code for one in open_items([firm.pk], ends)[firm.pk]}
    for language, says in (("en", "in force from 2020-03-08 to 2020-03-09"), ("zh-hans", "2020-03-08至2020-03-09有效")):
        with override(language), pytest.raises(PolicyError) as error:
            claims.draft(enterprise=firm.pk, measure=taken.pk, now=ends, actor=None)
        with override(language):
            assert error.value.code == "measure.not_in_force"
            assert says in error.value.message
    assert claims.draft(enterprise=firm.pk, measure=taken.pk, now=ends - 1, actor=None).claimed == 860_00


def test_a_measure_is_in_force_on_the_days_that_the_list_gives_its_document(firm):
    number, end = parse(TEXT).document.number, builders.local.start_of_day(builders.local.date(2020, 7, 1))
    documents.add(title="文", issuer="市政府", level="city", number=number, end=end, now=NOW, actor=None)
    with override("en"), pytest.raises(PolicyError) as error:
        keep_post.take()
    assert error.value.code == "measure.other_days"
    with override("en"):
        assert "Write “last: 2020-06-30”" in error.value.message
    keep_post.take(TEXT.replace("  level: city\n", '  level: city\n  first: "2020-03-08"\n  last: "2020-06-30"\n'))


def test_missing_evidence_is_the_next_visits_checklist_once(firm):
    keep_post.take()
    made = builders.workers(firm, 3)
    keep_post.write([fact for one in made[:2] for fact in keep_post.facts(one, unknown="post_kept")])
    keep_post.write(keep_post.facts(made[2], unknown="insured"))  # only the office can say so: nobody else is asked
    items = {one.question.code: one for one in open_items([firm.pk], NOW)[firm.pk]}
    assert "people_post_kept" in items
    assert not {"people_told_to_delay", "people_insured"} & set(items)
    item = items["people_post_kept"]
    assert len(item.reasons) == 1
    assert str(firm.pk) in item.address


def test_the_district_s_eight_measures_have_no_amounts_and_no_conditions():
    text = shipped()["changle-2020-eight"]
    said = parse(text)
    assert (said.status, said.amount, said.enterprise, said.person, said.parameters) == (
        "text_missing",
        None,
        [],
        [],
        {},
    )
    assert not any(character.isdigit() for character in text.split("status:")[1].replace("8 条", ""))
    assert eligibility.of_enterprises([said], [], NOW) == {}
    with (
        override("en"),
        pytest.raises(PolicyError, match=r"status: .*invented"),
    ):  # mistakes are told in the reader's language
        parse(text + "amount: {how: fixed, of: 1000, round: {to: 1, way: down}}\n")


@pytest.mark.parametrize(
    ("old", "new", "says", "sagt"),
    [
        (
            "asks: resumed",
            "asks: resumes",
            "enterprise.resumed: “resumes” cannot stand here. Write one of: resumed,",
            "应为以下之一：resumed",
        ),
        ("of: $minimum_wage", "of: $minimal_wage", "There is no parameter $minimal_wage", "没有参数 $minimal_wage"),
        (
            "value: 1720",
            "value: lots",
            "parameters.minimum_wage.value: “lots” cannot stand here. Write a number",
            "0 或以上的数字",
        ),
        ("once: true", "once: true\nonec: 1", "There is no key “onec” here. Nearest: once", "这里没有“onec”这个键"),
        (
            'first: "2020-01-10"',
            'first: "2020-31-10"',
            "first: “2020-31-10” cannot stand here. Write a date",
            "2020-03-01 这样的日期",
        ),
        ("way: half_up", "way: up_half", "amount.round.way: “up_half” cannot stand here", "half_up"),
        ("  unit: working_days\n  after", "  after", "“unit” is missing. Add it.", "缺少“unit”"),
        ("once: true", "once: [true", "not valid YAML", "不是有效的 YAML"),
        ("once: true", "once:", "once: This is empty. Fill it in", "这里是空的"),
        ("value: 1720", "value: true", "“true” cannot stand here. Write a number", "“true”"),
        (
            "item: application,",
            "item: Application,",
            "Write a name in small letters, such as post_kept",
            "post_kept 这样的名称",
        ),
    ],
)
def test_a_mistake_in_a_measure_is_told_with_its_line_in_both_languages(old, new, says, sagt):
    assert old in TEXT
    wrong = TEXT.replace(old, new, 1)
    for language, words in (("en", says), ("zh-hans", sagt)):
        with override(language), pytest.raises(PolicyError) as error:
            parse(wrong)
        with override(language):
            assert error.value.code == "measure.wrong"
            assert words in error.value.message
            line = int(re.search(r"\d+", error.value.message)[0])
            assert abs(TEXT[: TEXT.index(old)].count("\n") + 1 - line) <= 3  # at the entry that it stands in, at least


def test_a_share_of_a_cost_that_was_shown_has_a_cap(firm):
    text = TEXT.split("person:")[0] + (
        "amount: {how: share_of_cost, item: charter_cost, share: 0.5, cap: 3000, round: {to: 1, way: down}}\n"
    )
    measure = parse(text)
    assert result(firm, measure).amount == 0
    shown = {"item": "charter_cost", "number": 4001.5}
    builders.record(firm.pk, "evidence", NOW - 60, shown)
    assert result(firm, measure).amount == 2000_00
    builders.record(firm.pk, "evidence", NOW - 30, shown | {"number": 90_000})
    assert result(firm, measure).amount == 3000_00
