"""Who may ask for what: every address with its methods and the roles that may, written by hand.

Nothing here is read from the code: what the guards of the pages say is what is tested. A route without a row fails the
suite (`test_matrix`). ``reach`` are those among ``may`` in whose scope the first enterprise's own thing lies, where that is
not all of them; for the others it looks as if it didn't exist.
"""

from __future__ import annotations

from dataclasses import dataclass

ADMIN, DEPUTY, BUREAU, TEAM = "town_administrator", "deputy", "bureau_reader", "service_team_member"
CLERK, LEADER, GUARD, DEVICE = "enterprise_clerk", "line_leader", "guard", "door_device"
DISPATCHER, DRIVER, SAMPLER = "dispatcher", "driver", "sampling_staff"
MEDIC, CADRE, POLICE = "observation_medic", "site_cadre", "site_police"
WORKER, AUDITOR, OPERATOR = "worker", "auditor", "system_operator"

Roles = frozenset[str]


def roles(*names: str) -> Roles:
    """Some roles."""
    return frozenset(names)


ALL = roles(
    ADMIN, DEPUTY, BUREAU, TEAM, CLERK, LEADER, GUARD, DEVICE, DISPATCHER, DRIVER, SAMPLER, MEDIC, CADRE, POLICE, WORKER,
    AUDITOR, OPERATOR,
)  # fmt: skip
WHOLE_TOWN = roles(ADMIN, DEPUTY, BUREAU, DISPATCHER, SAMPLER)
"""For them nobody of the town is a stranger."""
AT_HOTEL = roles(MEDIC, CADRE, POLICE)
KEEPERS_OF_SITES = roles(MEDIC, CADRE, ADMIN)

READERS_OF_THE_TOWN = roles(ADMIN, DEPUTY, BUREAU)
READERS_OF_ENTERPRISES = roles(ADMIN, DEPUTY, BUREAU, TEAM, CLERK)
READERS_OF_FILES = READERS_OF_ENTERPRISES | {WORKER, MEDIC}
WRITERS_OF_FACTS = roles(ADMIN, TEAM, CLERK, DISPATCHER, SAMPLER, MEDIC, CADRE)
WATCHERS_OF_ACTS = WRITERS_OF_FACTS | {DEPUTY}
DECIDERS = roles(ADMIN, DEPUTY)
EMPLOYERS = roles(ADMIN, CLERK)
REGISTRARS = roles(ADMIN, CLERK, LEADER)
AT_DOORS = roles(ADMIN, GUARD, DEVICE)
PLANNERS = roles(ADMIN, DISPATCHER)
AT_TRIPS = roles(ADMIN, DISPATCHER, DRIVER, CLERK, GUARD)
AT_TESTS = roles(ADMIN, SAMPLER)
WRITERS_OF_NOTICES = roles(ADMIN, CLERK, DISPATCHER)
KEEPERS = roles(ADMIN, CLERK, GUARD)
"""Who may know who is inside."""


@dataclass(frozen=True)
class Row:
    """Who may ask for an address, and how; ``open`` where nobody need be signed in."""

    may: Roles
    methods: str = "GET POST"
    reach: Roles | None = None
    open: bool = False
    writers: Roles | None = None
    """Whom a POST reaches, where that is fewer: to the others its form doesn't exist."""
    private: bool = False
    """What one owns by oneself: to the whole town too it is a stranger's."""
    told: bool = False
    """To the town an id that nobody has is answered by a sentence."""

    def in_reach(self, method: str) -> Roles:
        """Those for whom an own thing is there."""
        if method == "POST" and self.writers is not None:
            return self.writers
        return self.may if self.reach is None else self.reach


GET, POST = "GET", "POST"
ANYBODY = Row(ALL, open=True)

PAGES: dict[str, Row] = {
    "": ANYBODY,
    # signing in, one's own password and sessions
    "login/": ANYBODY,
    "logout/": Row(ALL, POST, open=True),
    "login/second-step/": ANYBODY,
    "enter/": ANYBODY,
    "enter/<str:code>/": ANYBODY,
    "language/": Row(ALL, POST, open=True),
    "healthz": Row(ALL, GET, open=True),
    "password/": Row(ALL),
    "password/again/": Row(ALL - {WORKER}),  # workers enter by codes and have no password
    "sessions/": Row(ALL, GET),
    "sessions/others/end/": Row(ALL, POST),
    "sessions/<uuid:session_id>/end/": Row(ALL, POST, private=True),
    "second-step/": Row(ALL, GET, reach=ALL - {WORKER}),
    "second-step/again/": Row(ALL, reach=ALL - {WORKER}),
    "second-step/on/": Row(ALL, reach=ALL - {WORKER}),
    "second-step/off/": Row(ALL, reach=roles(CLERK)),  # of these users the clerk alone has switched it on
    "second-step/codes/": Row(ALL, GET, reach=roles()),  # nobody of them has recovery codes yet
    "second-step/codes/new/": Row(ALL, reach=ALL - {WORKER}),
    # the audit and the running of the installation
    "audit/": Row(roles(AUDITOR)),
    "audit/entries.csv": Row(roles(AUDITOR)),
    "audit/head/": Row(roles(AUDITOR) | READERS_OF_THE_TOWN),
    "operations/": Row(roles(OPERATOR), GET),
    # the registry
    "setup/": Row(roles(ADMIN)),
    "enterprises/": Row(READERS_OF_ENTERPRISES),
    "enterprises/new/": Row(roles(ADMIN)),
    "enterprises/<uuid:enterprise_id>/sites/": Row(READERS_OF_ENTERPRISES, writers=EMPLOYERS),
    "workers/<uuid:worker_id>/file/": Row(READERS_OF_FILES),
    "uploads/": Row(WRITERS_OF_FACTS, GET),
    "uploads/new/<str:kind>/": Row(WRITERS_OF_FACTS, reach=roles(ADMIN, CLERK, SAMPLER)),
    "uploads/template/<str:kind>.xlsx": Row(WRITERS_OF_FACTS, GET, reach=roles(ADMIN, CLERK, SAMPLER)),
    "uploads/<uuid:upload_id>/": Row(WRITERS_OF_FACTS, reach=EMPLOYERS),
    "uploads/<uuid:upload_id>/take-in/": Row(WRITERS_OF_FACTS, POST, reach=EMPLOYERS),
    "uploads/<uuid:upload_id>/forget/": Row(WRITERS_OF_FACTS, POST, reach=EMPLOYERS),
    "uploads/<uuid:upload_id>/marked.xlsx": Row(WRITERS_OF_FACTS, GET, reach=EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/roster/": Row(EMPLOYERS),
    "logins/": Row(EMPLOYERS),
    "logins/new/": Row(EMPLOYERS),
    "logins/codes/worker/<uuid:worker_id>/": Row(EMPLOYERS),
    "logins/codes/enterprise/<uuid:enterprise_id>/": Row(EMPLOYERS),
    "logins/<uuid:login_id>/renew/": Row(EMPLOYERS),
    "logins/<uuid:login_id>/close/": Row(EMPLOYERS),
    "logins/<uuid:login_id>/open/": Row(EMPLOYERS),
    "workers/<uuid:worker_id>/number/": Row(roles(ADMIN, CLERK, MEDIC), POST),
    "claims/": Row(roles(ADMIN), GET),
    "claims/<uuid:document_id>/": Row(roles(ADMIN), POST, told=True),
    # clearance, protocols, and what waits for a second person
    "me/": Row(roles(WORKER)),
    "workers/": Row(READERS_OF_ENTERPRISES),
    "workers/<uuid:worker_id>/": Row(READERS_OF_FILES - {MEDIC}),
    "enterprises/<uuid:enterprise_id>/": Row(READERS_OF_ENTERPRISES),
    "enterprises/<uuid:enterprise_id>/lapsing/": Row(READERS_OF_ENTERPRISES),
    "protocols/": Row(READERS_OF_THE_TOWN),
    "protocols/shipped/<slug:name>/": Row(READERS_OF_THE_TOWN),
    "protocols/upload/": Row(DECIDERS, POST),
    "protocols/adopt/": Row(DECIDERS, POST),
    "protocols/<uuid:adoption_id>/": Row(READERS_OF_THE_TOWN),
    "protocols/<uuid:adoption_id>/suspend/": Row(DECIDERS, POST),
    "waiting/": Row(WATCHERS_OF_ACTS, GET),
    "waiting/told/": Row(DECIDERS, GET),
    "waiting/deputies/": Row(DECIDERS, POST),
    "waiting/reviews/<uuid:review_id>/": Row(DECIDERS, POST),
    "waiting/<uuid:act_id>/": Row(WATCHERS_OF_ACTS, GET, reach=DECIDERS | {CLERK}),
    "waiting/<uuid:act_id>/count/": Row(DECIDERS, POST),
    "waiting/<uuid:act_id>/agree/": Row(DECIDERS, POST),
    "waiting/<uuid:act_id>/refuse/": Row(DECIDERS, POST),
    "waiting/<uuid:act_id>/withdraw/": Row(WATCHERS_OF_ACTS, POST, reach=DECIDERS | {CLERK}),
    "waiting/<uuid:act_id>/send/": Row(DECIDERS, POST),
    # doors
    "door/": Row(ALL, GET, open=True),
    "door/manifest.webmanifest": Row(ALL, GET, open=True),
    "door/sw.js": Row(ALL, GET, open=True),
    "door/words/<str:language>.json": Row(ALL, GET, open=True),
    "doors/": Row(AT_DOORS, GET),
    "doors/overrides/": Row(READERS_OF_THE_TOWN, GET),
    "doors/<uuid:door_id>/": Row(AT_DOORS),
    "doors/<uuid:door_id>/found/": Row(AT_DOORS, POST),
    "doors/<uuid:door_id>/workers/<uuid:worker_id>/": Row(AT_DOORS, GET),
    "doors/<uuid:door_id>/workers/<uuid:worker_id>/check/": Row(AT_DOORS, POST),
    "doors/<uuid:door_id>/checks/<uuid:check_id>/": Row(AT_DOORS, GET),
    "doors/<uuid:door_id>/checks/<uuid:check_id>/undo/": Row(AT_DOORS, POST),
    "doors/<uuid:door_id>/checks/<uuid:check_id>/override/": Row(AT_DOORS - {DEVICE}),
    "enterprises/<uuid:enterprise_id>/badges/": Row(EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/badges/sheets.pdf": Row(EMPLOYERS, GET),
    "enterprises/<uuid:enterprise_id>/badges/<str:badge_id>/revoke/": Row(EMPLOYERS),
    "doors/<uuid:door_id>/devices/": Row(roles(ADMIN)),
    "doors/<uuid:door_id>/devices/<uuid:device_id>/revoke/": Row(roles(ADMIN)),
    "door-pin/": Row(roles(ADMIN, GUARD), reach=roles(GUARD)),  # the town has no PIN at doors
    "sites/": Row(roles(ADMIN, DEPUTY, BUREAU, CLERK, GUARD)),
    "sites/<uuid:site_id>/inside/": Row(KEEPERS),
    "sites/<uuid:site_id>/evacuation/": Row(KEEPERS),
    "sites/<uuid:site_id>/checks/<uuid:check_id>/left/": Row(KEEPERS),
    "sites/<uuid:site_id>/visitors/": Row(KEEPERS, writers=EMPLOYERS),  # a POST shows names, to those who may see them
    "sites/<uuid:site_id>/visitors/<uuid:visit_id>/left/": Row(KEEPERS, POST),
    "sites/<uuid:site_id>/arrangement/": Row(EMPLOYERS),
    "sites/<uuid:site_id>/misfits/": Row(EMPLOYERS),
    "sites/<uuid:site_id>/checks/<uuid:check_id>/": Row(EMPLOYERS),
    # crews, observation sites, laboratories, registers
    "returning/": Row(roles(DISPATCHER, DRIVER), GET),
    "returning/manifest/": Row(roles(DISPATCHER, DRIVER), GET),
    "trips/": Row(AT_TRIPS, GET),
    "trips/new/": Row(PLANNERS),
    "trips/places/": Row(PLANNERS),
    "trips/plan/": Row(PLANNERS),
    "trips/risk-levels/": Row(PLANNERS),
    "me/survey/": Row(roles(WORKER)),
    "surveys/": Row(EMPLOYERS),
    "surveys/<uuid:campaign_id>/": Row(EMPLOYERS),
    "surveys/<uuid:campaign_id>/workers/<uuid:worker_id>/": Row(EMPLOYERS),
    "trips/vehicles/": Row(PLANNERS),
    "trips/<uuid:trip_id>/": Row(AT_TRIPS, GET),
    "trips/<uuid:trip_id>/do/": Row(PLANNERS, POST),
    "trips/<uuid:trip_id>/manifest.xlsx": Row(PLANNERS | {DRIVER}, GET),
    "trips/<uuid:trip_id>/manifest.pdf": Row(PLANNERS | {DRIVER}, GET),
    "trips/<uuid:trip_id>/list/": Row(PLANNERS),
    "trips/<uuid:trip_id>/boarding/": Row(PLANNERS | {DRIVER}),
    "trips/<uuid:trip_id>/arrivals/": Row(PLANNERS | {CLERK, GUARD}),
    "enterprises/<uuid:enterprise_id>/seats/": Row(EMPLOYERS),
    "cases/": Row(roles(ADMIN)),
    "cases/<uuid:case_id>/": Row(roles(ADMIN)),
    "cases/<uuid:case_id>/contacts.xlsx": Row(roles(ADMIN), GET),
    "disinfections/": Row(PLANNERS | {CLERK, GUARD}, GET),
    "disinfections/<uuid:task_id>/": Row(PLANNERS | {CLERK, GUARD}),
    "teams/": Row(READERS_OF_THE_TOWN | {TEAM}, GET),
    "teams/areas/": Row(roles(ADMIN), POST),
    "teams/leads/": Row(READERS_OF_THE_TOWN | {TEAM}, writers=roles(ADMIN)),
    "teams/places/": Row(roles(ADMIN, TEAM)),
    "teams/places/<uuid:enterprise_id>/": Row(roles(ADMIN, TEAM)),
    "teams/patches/<uuid:patch_id>/share/": Row(roles(ADMIN)),
    "teams/<uuid:team_id>/": Row(READERS_OF_THE_TOWN | {TEAM}, writers=roles(ADMIN)),
    "teams/<uuid:team_id>/day/": Row(roles(ADMIN, TEAM)),
    "problems/": Row(READERS_OF_ENTERPRISES, GET),
    "problems/<uuid:problem_id>/": Row(READERS_OF_ENTERPRISES, writers=roles(ADMIN, TEAM, CLERK)),
    "enterprises/<uuid:enterprise_id>/problems/new/": Row(roles(ADMIN, TEAM, CLERK)),
    "visits/<uuid:call_id>/": Row(roles(ADMIN, TEAM), GET),
    "visits/pictures/<uuid:picture_id>/": Row(roles(ADMIN, TEAM), GET),
    "visits/app/": Row(ALL, GET, open=True),
    "visits/app/manifest.webmanifest": Row(ALL, GET, open=True),
    "visits/app/sw.js": Row(ALL, GET, open=True),
    "visits/app/words/<str:language>.json": Row(ALL, GET, open=True),
    "site/": Row(AT_HOTEL, GET),
    "observation/": Row(READERS_OF_THE_TOWN, GET),
    "observation/new/": Row(roles(ADMIN)),
    "observation/plan/": Row(roles(ADMIN)),
    "observation/<uuid:place_id>/": Row(AT_HOTEL | {ADMIN}, GET),
    "observation/<uuid:place_id>/rooms/": Row(roles(ADMIN)),
    "observation/<uuid:place_id>/keep/": Row(roles(ADMIN)),
    "observation/<uuid:place_id>/round/": Row(roles(MEDIC), GET),
    "observation/<uuid:place_id>/round/worker.js": Row(roles(MEDIC), GET),
    "observation/<uuid:place_id>/round/entries/": Row(roles(MEDIC), POST),
    "observation/<uuid:place_id>/round/sheet.pdf": Row(roles(MEDIC), GET),
    "observation/<uuid:place_id>/round/paper/": Row(roles(MEDIC)),
    "observation/<uuid:place_id>/book/": Row(KEEPERS_OF_SITES),
    "observation/<uuid:place_id>/cleaning/": Row(KEEPERS_OF_SITES),
    "observation/<uuid:place_id>/staff/": Row(KEEPERS_OF_SITES),
    "observation/stays/<uuid:stay_id>/": Row(KEEPERS_OF_SITES),
    "observation/stays/<uuid:stay_id>/certificate.pdf": Row(
        KEEPERS_OF_SITES, GET, reach=roles()
    ),  # nobody was released
    "me/observation/certificate.pdf": Row(roles(WORKER), GET, reach=roles()),
    # lists upward
    "lists/": Row(READERS_OF_THE_TOWN),
    "lists/not-returned/": Row(READERS_OF_THE_TOWN, writers=roles(ADMIN)),
    "lists/vacancies/": Row(READERS_OF_THE_TOWN, writers=roles(ADMIN)),
    "lists/vacancies/match/": Row(roles(ADMIN), GET),
    "lists/signed/<uuid:signed_id>/": Row(READERS_OF_THE_TOWN, GET),
    "lists/signed/<uuid:signed_id>/list.xlsx": Row(roles(ADMIN), GET),
    "lists/layouts/": Row(roles(ADMIN)),
    "lists/layouts/<uuid:layout_id>/layout.xlsx": Row(roles(ADMIN), GET),
    "enterprises/<uuid:enterprise_id>/vacancies/": Row(EMPLOYERS | {TEAM}),
    # policies
    "policies/": Row(READERS_OF_ENTERPRISES),
    "policies/new/": Row(roles(ADMIN)),
    "policies/documents/<uuid:policy_id>/": Row(READERS_OF_THE_TOWN, writers=roles(ADMIN)),
    "policies/documents/<uuid:policy_id>/file/": Row(READERS_OF_ENTERPRISES, GET),
    "policies/measures/": Row(READERS_OF_THE_TOWN, writers=roles(ADMIN)),
    "policies/measures/<uuid:measure_id>/": Row(READERS_OF_THE_TOWN),
    "policies/measures/<uuid:measure_id>/enterprises/<uuid:enterprise_id>/": Row(
        READERS_OF_ENTERPRISES, writers=EMPLOYERS | {TEAM}
    ),
    "policies/claims/": Row(READERS_OF_THE_TOWN),
    "policies/claims/<uuid:claim_id>/": Row(READERS_OF_THE_TOWN | {CLERK}, writers=EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/policies/": Row(READERS_OF_ENTERPRISES, writers=EMPLOYERS | {TEAM}),
    "sampling/": Row(AT_TESTS),
    "sampling/due/": Row(AT_TESTS),
    "enterprises/<uuid:enterprise_id>/tests/": Row(EMPLOYERS),
    # resumption and output
    "enterprises/<uuid:enterprise_id>/asked/": Row(READERS_OF_ENTERPRISES, writers=roles(ADMIN, TEAM, CLERK)),
    "enterprises/<uuid:enterprise_id>/papers/<uuid:paper_id>/": Row(READERS_OF_ENTERPRISES, GET),
    "enterprises/<uuid:enterprise_id>/resumption/": Row(READERS_OF_ENTERPRISES, writers=roles(ADMIN, TEAM, CLERK)),
    "enterprises/<uuid:enterprise_id>/resumption/file/": Row(EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/resumption/stop/": Row(roles(ADMIN)),
    "enterprises/<uuid:enterprise_id>/output/": Row(READERS_OF_ENTERPRISES, writers=roles(ADMIN, TEAM, CLERK)),
    "resumption/": Row(READERS_OF_ENTERPRISES, GET),
    "resumption/way/": Row(READERS_OF_THE_TOWN, writers=roles(ADMIN)),
    "resumption/output/": Row(READERS_OF_ENTERPRISES, GET),
    "resumption/<uuid:filing_id>/": Row(READERS_OF_ENTERPRISES, writers=EMPLOYERS),
    "sampling/orders/<uuid:order_id>/": Row(AT_TESTS | {CLERK}),
    "sampling/sites/<uuid:station_id>/": Row(AT_TESTS),
    "sampling/sites/<uuid:station_id>/slots/": Row(AT_TESTS),
    "sampling/schedule/": Row(AT_TESTS),
    "sampling/schedule/<uuid:plan_id>/": Row(AT_TESTS),
    "sampling/labels/": Row(AT_TESTS),
    "sampling/tubes/": Row(AT_TESTS, GET),
    "sampling/tubes/<uuid:tube_id>/": Row(AT_TESTS),
    "sampling/results/": Row(AT_TESTS),
    "sampling/results/template.xlsx": Row(AT_TESTS, GET),
    "sampling/results/<uuid:upload_id>/": Row(AT_TESTS, reach=roles()),  # none of the uploads is a laboratory's file
    "sampling/files/<uuid:file_id>/": Row(AT_TESTS, GET),
    "sampling/refused/": Row(AT_TESTS, GET),
    "sampling/refused/<uuid:row_id>/": Row(AT_TESTS),
    "enterprises/<uuid:enterprise_id>/register/": Row(REGISTRARS),
    "enterprises/<uuid:enterprise_id>/register/undo/": Row(REGISTRARS, POST),
    "enterprises/<uuid:enterprise_id>/register/<uuid:worker_id>/": Row(REGISTRARS, GET),
    "enterprises/<uuid:enterprise_id>/dormitories/": Row(EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/dormitories/round/": Row(REGISTRARS),
    "enterprises/<uuid:enterprise_id>/dormitories/round.pdf": Row(REGISTRARS, GET),
    "enterprises/<uuid:enterprise_id>/dormitories/missing/": Row(REGISTRARS),
    "enterprises/<uuid:enterprise_id>/dormitories/<uuid:room_id>/": Row(EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/upkeep/": Row(PLANNERS | {CLERK, GUARD}),
    "enterprises/<uuid:enterprise_id>/upkeep/sheet.pdf": Row(PLANNERS | {CLERK, GUARD}, GET),
    "enterprises/<uuid:enterprise_id>/upkeep/<uuid:cleaning_id>/photo/": Row(PLANNERS | {CLERK, GUARD}, GET),
    "enterprises/<uuid:enterprise_id>/canteen/": Row(EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/canteen/seats.pdf": Row(EMPLOYERS, GET),
    "enterprises/<uuid:enterprise_id>/supplies/": Row(EMPLOYERS),
    "enterprises/<uuid:enterprise_id>/supplies/hand-out/": Row(PLANNERS | {CLERK, GUARD}),
    "enterprises/<uuid:enterprise_id>/supplies/sheet.pdf": Row(PLANNERS | {CLERK, GUARD}, GET),
    "premises/": Row(READERS_OF_THE_TOWN, GET),
    "premises/rooms/": Row(READERS_OF_THE_TOWN, GET),
    "premises/disinfections/": Row(READERS_OF_THE_TOWN, GET),
    "premises/supplies/": Row(READERS_OF_THE_TOWN, GET),
    "me/register/": Row(roles(WORKER)),
    "me/pass/": Row(roles(WORKER), GET),
    "me/pass.png": Row(roles(WORKER), GET),
    # one's own file, and what people ask for
    "me/looks/": Row(roles(WORKER), GET),
    "me/requests/": Row(roles(WORKER), GET),
    "me/requests/new/": Row(roles(WORKER), reach=roles()),  # the address must say about what
    "me/requests/<uuid:request_id>/": Row(roles(WORKER), GET),
    "me/requests/<uuid:request_id>/take-back/": Row(roles(WORKER), POST),
    "me/download/": Row(roles(WORKER), GET),
    "me/download/file.json": Row(roles(WORKER), GET),
    "me/download/file.pdf": Row(roles(WORKER), GET),
    "workers/<uuid:worker_id>/requests/new/": Row(EMPLOYERS, reach=roles()),
    "requests/": Row(EMPLOYERS, GET),
    "requests/<uuid:request_id>/": Row(EMPLOYERS, writers=roles(ADMIN)),
    "requests/<uuid:request_id>/evidence/<uuid:evidence_id>/": Row(EMPLOYERS | {WORKER}, GET),
    # notices
    "notices/": Row(WRITERS_OF_NOTICES | {DEPUTY}, GET),
    "notices/new/": Row(WRITERS_OF_NOTICES),
    "notices/trouble/": Row(WRITERS_OF_NOTICES),
    "notices/<uuid:notice_id>/": Row(WRITERS_OF_NOTICES | {DEPUTY}, writers=roles()),  # sent empty, it does nothing
    "notices/<uuid:notice_id>/edit/": Row(WRITERS_OF_NOTICES, reach=roles()),  # it is no draft
    "notices/<uuid:notice_id>/files/<uuid:attachment_id>/": Row(ALL, GET, reach=WHOLE_TOWN | {CLERK, WORKER}),
    "notices/channels/": Row(roles(ADMIN), GET),
    "notices/channels/new/<str:way>/": Row(roles(ADMIN)),
    "notices/channels/<uuid:channel_id>/": Row(roles(ADMIN)),
    "notices/templates/": Row(roles(ADMIN), GET),
    "notices/templates/<str:template>/": Row(roles(ADMIN)),
    "notices/addresses/": Row(roles(ADMIN)),
    "notices/reminders/": Row(roles(ADMIN), POST),
    "me/notices/": Row(ALL, GET),
    "me/notices/<uuid:notice_id>/": Row(ALL, reach=roles(WORKER)),
    "n/<str:token>/": Row(ALL, open=True, writers=roles()),  # nobody's code
    # the town's page
    "town/": Row(READERS_OF_THE_TOWN),
    "town/figures/<str:key>/": Row(READERS_OF_THE_TOWN),
}

API: dict[str, Row] = {
    "": Row(ALL, open=True, reach=roles()),  # the root says nothing
    "openapi.json": ANYBODY,
    "docs": ANYBODY,
    "protocols": Row(ALL, GET),
    "workers/<worker_id>/clearance": Row(READERS_OF_ENTERPRISES | {WORKER}, GET),
    "waiting": Row(WATCHERS_OF_ACTS, GET),
    "waiting/<act_id>": Row(WATCHERS_OF_ACTS, GET, reach=DECIDERS | {CLERK}),
    "waiting/<act_id>/agree": Row(DECIDERS, POST),
    "waiting/<act_id>/refuse": Row(DECIDERS, POST),
    "waiting/<act_id>/withdraw": Row(WATCHERS_OF_ACTS, POST, reach=DECIDERS | {CLERK}),
    "devices/enrol": Row(ALL, POST, open=True),
    "doors": Row(AT_DOORS, GET),
    "doors/<door>/snapshot": Row(AT_DOORS, GET),
    "doors/<door>/workers": Row(AT_DOORS, POST),
    "doors/<door>/checks": Row(AT_DOORS, POST),
    "doors/<door>/decide": Row(AT_DOORS, POST),
    "doors/<door>/checks/<check>/override": Row(AT_DOORS - {DEVICE}, POST),
    "me/file": Row(roles(WORKER), GET),
    "me/requests": Row(roles(WORKER)),
    "me/requests/<request_id>/take-back": Row(roles(WORKER), POST),
    "requests": Row(roles(ADMIN), GET),
    "requests/<request_id>/answer": Row(roles(ADMIN), POST),
    "report": Row(READERS_OF_THE_TOWN, GET),
    "enterprises/<enterprise>/roster": Row(EMPLOYERS, POST),
    "facts/<kind>": Row(WRITERS_OF_FACTS, POST),
    "workers/<worker>/number": Row(roles(ADMIN, CLERK, MEDIC), POST),
    "visits/day": Row(roles(ADMIN, TEAM), GET),
    "visits/rows": Row(roles(ADMIN, TEAM), POST),
    "visits/pictures": Row(roles(ADMIN, TEAM), POST),
}

UNLINKED: dict[str, str] = {
    "login/second-step/": "asked for after the password, of those who have switched it on",
    "enter/": "stands on the sign-in page, for whoever isn't signed in",
    "enter/<str:code>/": "stands on the slip that a worker is handed",
    "healthz": "for the machine that watches the server",
    "setup/": "the first page of an empty town",
    "notices/trouble/": "stands on the list of notices when something was not delivered",
    "door/": "opened on a device that keeps a door",
    "door/manifest.webmanifest": "a part of the door app",
    "door/sw.js": "a part of the door app",
    "observation/<uuid:place_id>/round/worker.js": "fetched by the round's page itself",
    "door/words/<str:language>.json": "a part of the door app",
    "visits/app/manifest.webmanifest": "a part of the visit sheet",
    "visits/app/sw.js": "a part of the visit sheet",
    "visits/app/words/<str:language>.json": "a part of the visit sheet",
    "doors/<uuid:door_id>/workers/<uuid:worker_id>/": "where a scan or a search at the door leads",
    "doors/<uuid:door_id>/checks/<uuid:check_id>/": "where a check leads",
    "doors/<uuid:door_id>/checks/<uuid:check_id>/override/": "where a refusal leads",
    "uploads/<uuid:upload_id>/": "where an upload leads",
    "uploads/<uuid:upload_id>/marked.xlsx": "where an upload leads",
    "notices/<uuid:notice_id>/edit/": "stands where a draft of one's own is",
    "n/<str:token>/": "stands in a message",
    "enterprises/<uuid:enterprise_id>/lapsing/": "a part of the enterprise's page",
    "observation/stays/<uuid:stay_id>/certificate.pdf": "stands where somebody was released",
    "me/observation/certificate.pdf": "stands where somebody was released",
    "enterprises/<uuid:enterprise_id>/resumption/file/": "stands where an enterprise has still to file",
    "sampling/results/<uuid:upload_id>/": "where an upload leads",
    "waiting/told/": "a part of every page of whoever decides acts",
    "enterprises/<uuid:enterprise_id>/register/<uuid:worker_id>/": "a part of the register's page",
}
"""Pages to which no link leads, each with the reason."""
