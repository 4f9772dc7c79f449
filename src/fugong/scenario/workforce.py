"""Who works where, and what happened to them: stories are shared out by the recipe's numbers, then told in facts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from fugong.base import local
from fugong.core.time import PLUS_INF
from fugong.registry.bulk import NewEmployment, NewWorker, write_employments, write_workers
from fugong.scenario import recipe
from fugong.scenario.chance import Lottery, allocate
from fugong.scenario.people import HUBEI, Identity
from fugong.scenario.world import HOUR, Firm, Person, Story, World

SOURCE = "roster"
DAY = 24 * HOUR
LOCALS_AT_LEAST = 0.2


def make_people(world: World) -> None:
    """Everybody whom the enterprises employ, with who they are; what happens to them comes later."""
    parts, large, small = world.recipe.workers, world.large, world.small
    testing = _testing_firms(world, parts.to_test.enterprises)
    _spread(world, testing, parts.to_test.count, "returned", test_required=True)
    hubei_large = round(parts.hubei_away.count * parts.hubei_away.above_size_share)
    industrial = [firm for firm in small if firm.industry == "industrial"] or small
    _spread(world, large, hubei_large, "hubei_away", test_required=True)
    _spread(world, industrial, parts.hubei_away.count - hubei_large, "hubei_away", test_required=True)
    _spread(world, large, parts.hubei_away.on_their_way, "hubei_away", test_required=True, on_the_way=True)
    for person in _spread(world, large, parts.corrected.households, "hubei_away", test_required=True):
        assert person.who.household is not None
        number_from = world.recipe.local.numbers[0].code
        person.who = world.people_maker.person(person.who.household, number_from=number_from)
        person.misfiled = True
    elsewhere_large = round(parts.elsewhere_away.count * parts.elsewhere_away.above_size_share)
    _spread(world, large, elsewhere_large, "elsewhere_away", test_required=True)
    _spread(world, industrial, parts.elsewhere_away.count - elsewhere_large, "elsewhere_away", test_required=True)
    _spread(world, small, parts.returned_below.count, "returned", test_required=True)
    _spread(
        world,
        [firm for firm in small if firm.resumed] or small,
        world.recipe.observation.people,
        "observed",
        test_required=True,
    )
    _leavers(world, testing)
    _spread(world, large + industrial, parts.hubei_present, "local", hubei=True)
    _locals(world)
    _joiners(world)
    _badges(world)


def _testing_firms(world: World, count: int) -> list[Firm]:
    """Those above designated size that people come back to from outside: the visited one, then the bigger the likelier."""
    others = [firm for firm in world.large if firm is not world.visited]
    others.sort(key=lambda firm: firm.employees * world.rng.uniform(0.6, 1.4), reverse=True)
    return [world.visited, *others[: count - 1]]


def _spread(
    world: World, firms: list[Firm], count: int, story: Story, *, test_required: bool = False, hubei: bool = False,
    on_the_way: bool = False,
) -> list[Person]:  # fmt: skip
    shares = allocate(count, [firm.employees for firm in firms], least=int(count >= 3 * len(firms)))
    return [
        _person(world, firm, story, test_required=test_required, hubei=hubei, on_the_way=on_the_way)
        for firm, share in zip(firms, shares, strict=True)
        for _ in range(share)
    ]


def _leavers(world: World, testing: list[Firm]) -> None:
    """People who left before the moment: they must not count, whatever else is true of them."""
    part, rng = world.recipe.workers.leavers, world.rng
    gone = _spread(world, world.large, part.local, "local")
    gone += _spread(world, world.large, part.hubei_away, "hubei_away", test_required=True)
    gone += _spread(world, testing, part.tested, "returned", test_required=True)
    for person in gone:
        person.left = world.moment - rng.randrange(6 * HOUR, 6 * DAY) // HOUR * HOUR
    later = rng.sample([person for person in world.people if person.story == "returned" and person.left == PLUS_INF],
                       part.later)  # fmt: skip
    for person in later:
        person.left = rng.randrange(world.moment + 12 * HOUR, world.end)


def _locals(world: World) -> None:
    """The rest of each enterprise's people: those who live here, or stayed here over the festival."""
    for firm in world.firms:
        missing = firm.employees - sum(1 for person in firm.people if person.left == PLUS_INF)
        least = 1 if not firm.people else 0
        if firm.large:
            least = round(firm.employees * LOCALS_AT_LEAST)
        for _number in range(max(missing, least)):
            _person(world, firm, "local")


def _joiners(world: World) -> None:
    for person in _spread(world, [firm for firm in world.large if firm.resumed], world.recipe.workers.joiners, "local"):
        assert person.firm.resumed is not None
        person.hired = local.start_of_day(local.day_of(world.rng.randrange(person.firm.resumed, world.end)))


def _person(
    world: World,
    firm: Firm,
    story: Story,
    *,
    test_required: bool = False,
    hubei: bool = False,
    on_the_way: bool = False,
) -> Person:
    rng, words = world.rng, recipe.vocabulary()
    person = Person(
        id=world.writer.new_id(world.opening), who=_identity(world, story, hubei), firm=firm, story=story,
        hired=max(_hired(world), firm.founded), test_required=test_required, on_the_way=on_the_way,
    )  # fmt: skip
    if firm.industry == "industrial":
        person.workshop, person.post = rng.choice(words["workshops"].split()), rng.choice(words["posts"].split())
        person.night = firm.large and rng.random() < 0.16
    person.origin = _origin(world, person)
    firm.people.append(person)
    world.people.append(person)
    return person


def _hired(world: World) -> int:
    day = world.recipe.period.first - timedelta(days=int(world.rng.triangular(40, 4200, 500)))
    return local.start_of_day(day)


def _identity(world: World, story: Story, hubei: bool) -> Identity:
    rng, maker = world.rng, world.people_maker
    if hubei or story == "hubei_away":
        return maker.person(maker.county_of(HUBEI))
    if story == "local" and rng.random() < 0.78:
        return maker.person(maker.local_household())
    if story == "observed" and rng.random() < 0.5:
        return maker.person(maker.local_household() if rng.random() < 0.5 else maker.county_of(HUBEI))
    return maker.person(maker.county_of(world.origins.draw(rng)))


def _origin(world: World, person: Person) -> str:
    """The county from which somebody comes back: most often where they are registered."""
    household = person.who.household or ""
    match person.story:
        case "local":
            return ""
        case "observed":
            return world.people_maker.county_of(Lottery(world.recipe.observation.origins).draw(world.rng))
        case "hubei_away":
            return household
        case _ if household[:4] == world.recipe.town.code[:4] or world.rng.random() < 0.04:
            return world.people_maker.county_of(world.origins.draw(world.rng))
    return household


def _badges(world: World) -> None:
    for firm in world.firms:
        for number, person in enumerate(firm.people, start=1):
            person.badge = f"{number:04}" if firm.large else ""


def oddities(world: World) -> None:
    """What every real roster has: foreigners, minority names, and numbers that say nothing about today's registration."""
    parts, rng, maker = world.recipe.workers, world.rng, world.people_maker
    plain = [
        person for person in world.people
        if person.story == "local" and person.who.household and not person.who.household.startswith(HUBEI)
    ]  # fmt: skip
    home = [person for person in plain if person.who.household in world.recipe.local.households]
    others = [person for person in plain if person.who.household not in world.recipe.local.households]
    kinds = [kind for kind, count in parts.foreign.items() for _ in range(count)]
    chosen = rng.sample(home, len(kinds) + parts.hubei_number_local_household)
    for person, kind in zip(chosen, kinds, strict=False):
        person.who = maker.foreigner(kind)
    for person in chosen[len(kinds) :]:
        person.who = maker.person(person.who.household or "", number_from=maker.county_of(HUBEI))
    away = [person for person in world.people if person.story == "hubei_away" and not person.misfiled]
    for person in rng.sample(away, parts.other_number_hubei_household):
        number_from = world.recipe.local.numbers[0].code
        person.who = maker.person(person.who.household or "", number_from=number_from)
    for person in rng.sample(others, min(parts.minority, len(others))):
        person.who = maker.person(person.who.household or "", minority=True)


def register_people(world: World) -> None:
    """Write who they are and where they work; their employments and households as facts, as their rosters say."""
    write_workers([NewWorker(p.id, p.who.name, p.who.phone, p.who.address, (p.who.document,)) for p in world.people])
    for firm in world.firms:
        recorded = world.opening + world.rng.randrange(1, 9) * DAY + world.rng.randrange(9, 17) * HOUR
        for person in firm.people:
            _employ(world, person, max(recorded, person.hired + 9 * HOUR))
    _second_employers(world)
    write_employments(_employments(world))


def _employ(world: World, person: Person, recorded: int) -> None:
    values = {"employer": str(person.firm.id), "contract": "regular"}
    if person.workshop:
        values |= {"workshop": person.workshop, "post": person.post}
    write = world.writer.add
    employment = write("employment", person.id, person.hired, values, source=SOURCE, recorded=recorded)
    person.employment = employment
    if person.left < PLUS_INF:
        person.employment = write(
            "employment", person.id, person.hired, values, end=person.left, source=SOURCE,
            recorded=max(person.left + world.rng.randrange(1, 4) * HOUR, recorded + HOUR),
            supersedes=employment, reason="离职",
        )  # fmt: skip
    if person.who.household:
        since = local.start_of_day(date(2020, 1, 1) - timedelta(days=world.rng.randrange(300, 9000)))
        number = person.who.document[1]
        said = {"division": number[:6] if person.misfiled else person.who.household}
        person.household_fact = write("household", person.id, since, said, source=SOURCE, recorded=recorded), since
    if person.firm.dormitory and person.story != "local" and person.left == PLUS_INF and world.rng.random() < 0.45:
        room = f"{world.rng.randrange(1, 7)}{world.rng.randrange(1, 22):02}"
        values = {"site": str(person.firm.dormitory), "name": "宿舍", "room": room}
        write("dormitory", person.id, person.hired, values, source=SOURCE, recorded=recorded)


def _second_employers(world: World) -> None:
    """Some are sent by an agency that employs them too, here or in the next town."""
    agencies = [firm for firm in world.firms if firm.trade == "service" and not firm.large and firm.resumption]
    agencies += [firm for firm in world.firms if not firm.counted and firm.industry == "service"]
    candidates = [person for person in world.people if person.firm.large and person.left == PLUS_INF]
    since = local.start_of_day(world.recipe.period.first - timedelta(days=150))
    for person in world.rng.sample(candidates, world.recipe.workers.second_employer):
        agency = world.rng.choice(agencies)
        start = max(person.hired, since)
        fact = world.writer.add(
            "employment", person.id, start, {"employer": str(agency.id), "contract": "dispatched"}, source=SOURCE,
            recorded=max(world.opening + 9 * DAY + 10 * HOUR, start + 9 * HOUR),
        )  # fmt: skip
        world.second_employments.append((person, agency, fact, start))


def _employments(world: World) -> Iterable[NewEmployment]:
    for person in world.people:
        assert person.employment is not None
        yield NewEmployment(
            person.id, person.firm.id, person.employment, person.hired, person.workshop, person.post,
            person.badge, person.left == PLUS_INF, id=world.writer.new_id(person.hired),
        )  # fmt: skip
    for person, agency, fact, start in world.second_employments:
        yield NewEmployment(person.id, agency.id, fact, start, id=world.writer.new_id(start))
