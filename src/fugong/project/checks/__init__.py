"""``fugong check``: whether an installation is ready and well, as a typed list with what to do. Nobody's data are in it."""

from django.utils.translation import gettext_lazy as _

from fugong.project.checks import database, machine, work
from fugong.project.checks.findings import Finding, Level, Named, examine, titles

__all__ = ["CHECKS", "Finding", "Level", "examine", "titles"]

CHECKS: tuple[Named, ...] = (
    Named("database", _("Database"), database.version),
    Named("tables", _("Tables"), database.migrations),
    Named("login", _("Database login"), database.login),
    Named("walls", _("Row-level security"), database.walls_stand),
    Named("database_log", _("Database log"), database.log_without_values),
    Named("clock", _("Clock"), database.clocks),
    Named("time_zone", _("Time zone"), database.time_zone),
    Named("https", _("HTTPS and addresses"), machine.addresses, needs_database=False),
    Named("master_key", _("Master key"), machine.master_key, needs_database=False),
    Named("decryption", _("Encrypted numbers"), work.decryption),
    Named("backups", _("Backups"), machine.backups, needs_database=False),
    Named("disk", _("Disk space"), machine.disk, needs_database=False),
    Named("fonts", _("Fonts"), machine.fonts, needs_database=False),
    Named("static", _("Pages' files"), machine.static_files, needs_database=False),
    Named("steward", _("Steward"), work.steward_at_work),
    Named("tasks", _("Tasks"), work.tasks),
    Named("clearances", _("Stored clearances"), work.clearances),
    Named("audit", _("Audit"), work.audit),
    Named("demo_logins", _("Logins of the demo"), work.demo_logins),
)
"""Every check, in the order in which they are told."""
