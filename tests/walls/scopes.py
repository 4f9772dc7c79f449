"""Whose rows each kind of scope sees, for every table, written by hand."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from fugong.base.access import Acting
from walls.world import World

SUBJECTS = {
    "enterprise": {"a", "a.site", "a1", "a2", "a3"},
    "patch": {"a", "a.site", "a.team", "a1", "a2", "a3"},
    "plant": {"a", "a.site", "a1", "a2", "a3"},
    "hotel": {"a.hotel", "a3"},
    "worker": {"a1"},
}
"""Whom each scope of the first side is about."""
EVERYBODY = {
    f"{side}{what}" for side in "ab" for what in ("", ".site", ".hotel", ".station", ".team", ".patch", "1", "2", "3")
} | {"division"}
NOBODYS = ("audit", "operations", "sign_in")
EMPTY: set[str] = set()


def of(scope: str) -> set[str]:
    """The subjects of a scope."""
    return EVERYBODY if scope in ("town", "system") else SUBJECTS.get(scope, EMPTY)


def readable(scope: str) -> set[str]:
    """Those, and whom facts about them refer to: divisions, the town's own sites, a worker's own enterprise and its sites."""
    found = of(scope)
    if scope == "worker":
        found = found | {"a", "a.site"}
    return found | {"division", "a.hotel", "b.hotel", "a.station", "b.station"} if found else found


PUBLIC: Callable[[str], set[str]] = lambda scope: EVERYBODY  # noqa: E731 - a row of the table below
TOWN: Callable[[str], set[str]] = lambda scope: EVERYBODY if scope in ("town", "system") else EMPTY  # noqa: E731


def enterprises(scope: str) -> set[str]:
    """At an observation site nobody sees employers."""
    return EMPTY if scope == "hotel" else readable(scope) & {"a", "b"}


def employments(scope: str) -> set[str]:
    """By worker: the site of an enterprise sees all of its people, an observation site no employments."""
    return EMPTY if scope == "hotel" else of(scope)


def sites(scope: str) -> set[str]:
    """Observation sites are the town's: whoever is in any scope knows them by name."""
    return (readable(scope) & {"a.site", "b.site"}) | {"a.hotel", "b.hotel", "a.station", "b.station"}


def kept(scope: str) -> set[str]:
    """What belongs to an enterprise's sites: for whoever answers for the enterprise."""
    return of(scope) & {"a", "b"}


def entry_codes(scope: str) -> set[str]:
    return EVERYBODY if scope == "sign_in" else of(scope)


def requests(scope: str) -> set[str]:
    """A person's own; a clerk's, whom they filed it for; nobody else's."""
    return {"town": EVERYBODY, "system": EVERYBODY, "worker": {"a1"}, "enterprise": {"a2"}}.get(scope, EMPTY)


def acts(scope: str) -> set[str]:
    return {"a"} if scope == "enterprise" else TOWN(scope)


def own(scope: str) -> set[str]:
    """Sessions of the one who asks; the acting enterprise clerk has one."""
    return {"enterprise": {"a"}, "system": EVERYBODY}.get(scope, EMPTY)


def devices(scope: str) -> set[str]:
    """Those of the doors that one sees; before it is known which device asks, all of them."""
    return EVERYBODY if scope == "sign_in" else readable(scope) & {"a.site", "b.site"}


def pins(scope: str) -> set[str]:
    """One's own: the acting guard is none of those who ask here."""
    return EVERYBODY if scope == "system" else EMPTY


def second_steps(scope: str) -> set[str]:
    """One's own; everybody's before it is known who signs in, when a code has to be compared."""
    return EVERYBODY if scope == "sign_in" else own(scope)


def users(scope: str) -> set[str]:
    """By the label of what a login is over; one's own login is added by the test."""
    if scope in ("sign_in", "town", "system"):
        return EVERYBODY | {"town's"}
    return of(scope) if scope == "enterprise" else EMPTY


def trips(scope: str) -> set[str]:
    """Of one's own sites, and those that one's people are on: the first worker is."""
    return (of(scope) | ({"a.site"} if scope == "worker" else EMPTY)) & {"a.site", "b.site"}


def told(scope: str) -> set[str]:
    """An enterprise's notices: its own people's who write them, its service team's, and of those to whom they go."""
    return {"enterprise": {"a"}, "patch": {"a"}, "worker": {"a"}}.get(scope, TOWN(scope))


def teams(scope: str) -> set[str]:
    """Who serves whom is no secret, but a team needs to know of its own patch only."""
    return {"a.team"} if scope == "patch" else PUBLIC(scope)


def served(scope: str) -> set[str]:
    """What is between an enterprise and its service team: theirs and the town's."""
    return {"enterprise": {"a"}, "patch": {"a"}}.get(scope, TOWN(scope))


ROWS: dict[str, tuple[str, str, Callable[[str], set[str]]]] = {
    "base_user": ("id", "scope_id", users),
    "base_usersession": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = user_id)", own),
    "base_entrycode": ("id", "worker_id", entry_codes),
    "mfa_authenticator": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = user_id)", second_steps),
    "ledger_subject": ("id", "id", readable),
    "ledger_fact": ("id", "subject_id", readable),
    "registry_division": ("subject_id", "subject_id", PUBLIC),
    "registry_town": ('"only"', "division_id", PUBLIC),
    "registry_patch": ("id", "id", PUBLIC),
    "teams_serviceteam": ("subject_id", "subject_id", teams),
    "teams_area": ("patch_id", "patch_id", PUBLIC),
    "teams_spot": ("enterprise_id", "enterprise_id", served),
    "teams_member": ("id", "team_id", teams),
    "teams_charge": ("id", "enterprise_id", of),
    "teams_lead": ("id", "enterprise_id", of),
    "teams_visit": ("id", "enterprise_id", served),
    "teams_problem": ("id", "enterprise_id", served),
    "teams_problemevent": ("id", "enterprise_id", served),
    "teams_attachment": ("id", "enterprise_id", lambda scope: EMPTY if scope == "enterprise" else served(scope)),
    "registry_enterprise": ("subject_id", "subject_id", enterprises),
    "registry_site": ("subject_id", "subject_id", sites),
    "registry_door": ("id", "site_id", lambda scope: readable(scope) & {"a.site", "b.site"}),
    "registry_worker": ("subject_id", "subject_id", of),
    "registry_document": ("id", "worker_id", of),
    "registry_employment": ("id", "worker_id", employments),
    "registry_upload": ("id", "enterprise_id", acts),
    "registry_paper": ("id", "enterprise_id", of),
    "clearance_adoption": ("id", "'{division}'::uuid", PUBLIC),
    "clearance_clearance": ("worker_id, permission", "worker_id", of),
    "clearance_waitingact": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = proposer_id)", acts),
    "clearance_loss": ("id", "workers[1]", lambda scope: EVERYBODY if scope == "system" else EMPTY),
    "clearance_measuredloss": (
        "id", "(lost->'work'->>0)::uuid", lambda scope: EVERYBODY if scope == "system" else EMPTY,
    ),
    "clearance_review": ("id", "(SELECT scope_id FROM base_user u WHERE u.id = actor_id)", TOWN),
    "clearance_deputation": ("id", "'{division}'::uuid", TOWN),
    "clearance_verification": (
        "id", "'{division}'::uuid", lambda scope: EVERYBODY if scope == "operations" else TOWN(scope),
    ),
    "doors_pseudonym": ("worker_id", "worker_id", of),
    "doors_device": ("id", "(SELECT site_id FROM registry_door d WHERE d.id = door_id)", devices),
    "doors_signingkey": ("kid", "'{division}'::uuid", lambda scope: EVERYBODY if scope == "system" else EMPTY),
    "doors_pass": ("id", "worker_id", of),
    "doors_guardpin": ("user_id", "(SELECT scope_id FROM base_user u WHERE u.id = user_id)", pins),
    "doors_arrangement": ("site_id", "site_id", lambda scope: readable(scope) & {"a.site", "b.site"}),
    "doors_visit": ("id", "site_id", lambda scope: of(scope) & {"a.site", "b.site"}),
    "doors_told": ("id", "worker_id", of),
    "doors_remark": ("id", "worker_id", of),
    "doors_shift": (
        "id", "(SELECT scope_id FROM base_user u WHERE u.id = guard_id)", lambda scope: readable(scope) & {"a", "b"},
    ),
    "doors_snapshotpart": (
        "id", "(SELECT site_id FROM registry_door d WHERE d.id = door_id)",
        lambda scope: readable(scope) & {"a.site", "b.site"},
    ),
    "observation_room": ("id", "site_id", PUBLIC),
    "observation_bed": ("id", "(SELECT site_id FROM observation_room r WHERE r.id = room_id)", PUBLIC),
    "observation_stay": ("id", "worker_id", of),
    "observation_staff": ("id", "site_id", lambda scope: of(scope) & {"a.hotel", "b.hotel"}),
    "observation_entry": ("id", "site_id", lambda scope: of(scope) & {"a.hotel", "b.hotel"}),
    "premises_room": ("id", "enterprise_id", kept),
    "premises_bed": ("id", "(SELECT enterprise_id FROM premises_room r WHERE r.id = room_id)", kept),
    "premises_lodging": ("id", "worker_id", of),
    "premises_absence": ("id", "enterprise_id", kept),
    "premises_duty": ("id", "enterprise_id", kept),
    "premises_cleaning": ("id", "enterprise_id", kept),
    "premises_photo": ("id", "enterprise_id", kept),
    "premises_mealshift": ("id", "enterprise_id", kept),
    "premises_table": ("id", "enterprise_id", kept),
    "premises_mealseat": ("id", "worker_id", of),
    "premises_stock": ("id", "enterprise_id", kept),
    "premises_movement": ("id", "enterprise_id", kept),
    "premises_use": ("id", "enterprise_id", kept),
    "premises_shortfall": ("id", "enterprise_id", kept),
    "journeys_place": ("id", "'{division}'::uuid", PUBLIC),
    "journeys_vehicle": ("id", "'{division}'::uuid", TOWN),
    "journeys_trip": ("id", "site_id", trips),
    "journeys_tripstop": ("id", "(SELECT site_id FROM journeys_trip t WHERE t.id = trip_id)", trips),
    "journeys_headcount": ("id", "(SELECT site_id FROM journeys_trip t WHERE t.id = trip_id)", trips),
    "journeys_booking": ("id", "worker_id", of),
    "journeys_seatrequest": ("id", "worker_id", of),
    "journeys_sighting": ("id", "worker_id", of),
    "journeys_campaign": ("id", "enterprise_id", lambda scope: readable(scope) & {"a", "b"}),
    "journeys_reminder": ("id", "worker_id", of),
    "sampling_slotoffer": ("id", "site_id", PUBLIC),
    "sampling_order": ("id", "worker_id", of),
    "sampling_appointment": ("order_id", "worker_id", of),
    "sampling_tube": ("id", "(SELECT m.worker_id FROM sampling_tubemember m WHERE m.tube_id = sampling_tube.id)", of),
    "sampling_tubemember": ("id", "worker_id", of),
    "sampling_labfile": ("id", "'{division}'::uuid", TOWN),
    "sampling_labrow": ("id", "'{division}'::uuid", TOWN),
    "sampling_slotplan": ("id", "'{division}'::uuid", TOWN),
    "resumption_rule": ("id", "'{division}'::uuid", PUBLIC),
    "resumption_filing": ("id", "enterprise_id", of),
    "resumption_step": ("id", "enterprise_id", of),
    "resumption_condition": ("id", "enterprise_id", of),
    "resumption_report": ("fact_id", "enterprise_id", of),
    "resumption_question": ("id", "enterprise_id", of),
    "submissions_submission": ("id", "'{division}'::uuid", TOWN),
    "submissions_submissionrow": ("id", "subject_id", of),
    "submissions_layout": ("id", "'{division}'::uuid", TOWN),
    "policies_policydocument": ("id", "'{division}'::uuid", PUBLIC),
    "policies_measure": ("id", "'{division}'::uuid", PUBLIC),
    "policies_claim": ("id", "enterprise_id", of),
    "policies_claimline": ("id", "worker_id", of),
    "policies_payment": ("id", "(SELECT enterprise_id FROM policies_claim c WHERE c.id = claim_id)", of),
    "policies_claimstep": ("id", "(SELECT enterprise_id FROM policies_claim c WHERE c.id = claim_id)", of),
    "tracing_case": ("id", "worker_id", TOWN),
    "tracing_casecontact": ("id", "worker_id", TOWN),
    "tracing_cleaningtask": ("id", "site_id", lambda scope: of(scope) & {"a.site", "b.site"}),
    "notices_channel": ("id", "'{division}'::uuid", PUBLIC),
    "notices_secret": ("channel_id", "'{division}'::uuid", TOWN),
    "notices_template": ("id", "'{division}'::uuid", PUBLIC),
    "notices_reminding": ("name", "'{division}'::uuid", PUBLIC),
    "notices_notice": ("id", "enterprise_id", told),
    "notices_notice_channels": ("id", "(SELECT enterprise_id FROM notices_notice n WHERE n.id = notice_id)", told),
    "notices_attachment": ("id", "(SELECT enterprise_id FROM notices_notice n WHERE n.id = notice_id)", told),
    "notices_address": ("id", "worker_id", of),
    "notices_attempt": ("id", "(SELECT enterprise_id FROM notices_notice n WHERE n.id = notice_id)", TOWN),
    "notices_delivery": ("id", "worker_id", of),
    "redress_request": ("id", "worker_id", requests),
    "redress_evidence": ("id", "worker_id", requests),
    "audit_entry": ("id", "'{division}'::uuid", lambda scope: EVERYBODY if scope in ("audit", "system") else EMPTY),
    "audit_batch": ("number", "'{division}'::uuid", PUBLIC),
    "audit_seal": ("number", "'{division}'::uuid", PUBLIC),
    "project_taskrun": ("name", "'{division}'::uuid", PUBLIC),
}  # fmt: skip
"""For every table: its key, whose each row is (by the label of the `World`), and whose rows each scope sees."""


def who(two: World, scope: str) -> Acting:
    """Somebody of the first side, or of the town, under a scope."""
    side = two.a
    given: dict[str, tuple[str, UUID | None, str]] = {
        "enterprise": ("enterprise", side.enterprise.pk, "enterprise_clerk"),
        "patch": ("patch", side.patch, "service_team_member"),
        "plant": ("site", side.site, "door_device"),
        "hotel": ("site", side.hotel, "observation_medic"),
        "worker": ("worker", side.workers[0], "worker"),
        "town": ("town", None, "bureau_reader"),
        "audit": ("audit", None, "auditor"),
        "operations": ("operations", None, "system_operator"),
    }
    if scope not in given:
        return Acting(scope)  # type: ignore[arg-type]
    kind, over, role = given[scope]
    user = side.users.get(role) or two.town[role]
    return Acting(kind, over, user.pk, role)  # type: ignore[arg-type]


SCOPES = (*SUBJECTS, "town", "system", *NOBODYS, "none")
