"""Two people with one telephone: one message where it says the same to both, and both receipts say what became of it."""

from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

FORWARD = """
CREATE FUNCTION notices_delivery_shares() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE said public.notices_delivery;
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT * INTO said FROM public.notices_delivery AS d WHERE d.id = NEW.shares_id FOR UPDATE;
    IF said.id IS NULL OR said.shares_id IS NOT NULL OR (said.notice_id, said.channel_id, said.address)
      IS DISTINCT FROM (NEW.notice_id, NEW.channel_id, NEW.address)
    THEN
      RAISE EXCEPTION 'what is shared is one message to one address' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'shares_one_message';
    END IF;
    NEW.state := said.state; NEW.due_at := said.due_at; NEW.tries := said.tries; NEW.attempt_id := said.attempt_id;
    NEW.error := said.error; NEW.sent_at := said.sent_at; NEW.read_at := said.read_at;
    NEW.again := said.again; NEW.again_by_id := said.again_by_id; NEW.again_at := said.again_at;
    RETURN NEW;
  END IF;
  UPDATE public.notices_delivery SET state = NEW.state, due_at = NEW.due_at, tries = NEW.tries, attempt_id = NEW.attempt_id,
    error = NEW.error, sent_at = NEW.sent_at, read_at = NEW.read_at,
    again = NEW.again, again_by_id = NEW.again_by_id, again_at = NEW.again_at
    WHERE shares_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER delivery_shares BEFORE INSERT ON notices_delivery
  FOR EACH ROW WHEN (NEW.shares_id IS NOT NULL) EXECUTE FUNCTION notices_delivery_shares();
CREATE TRIGGER delivery_shared AFTER UPDATE ON notices_delivery
  FOR EACH ROW WHEN (NEW.shares_id IS NULL) EXECUTE FUNCTION notices_delivery_shares();
"""
BACKWARD = """
DROP TRIGGER delivery_shared ON notices_delivery; DROP TRIGGER delivery_shares ON notices_delivery;
DROP FUNCTION notices_delivery_shares();
"""


def _to(model: str) -> models.ForeignKey:
    return models.ForeignKey(null=True, on_delete=models.PROTECT, related_name="+", to=model, db_index=False)


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_never")]
    operations = [
        migrations.AddField("delivery", "shares", _to("notices.delivery")),
        migrations.AlterField("delivery", "worker", _to("registry.worker")),
        migrations.AlterField("delivery", "user", _to(settings.AUTH_USER_MODEL)),
        migrations.RemoveConstraint("delivery", "one_delivery_an_address"),
        migrations.AddConstraint(
            "delivery",
            models.UniqueConstraint(
                name="one_delivery_an_address", fields=["notice", "channel", "address"], condition=Q(shares__isnull=True)
            ),
        ),
        migrations.AddConstraint(
            "delivery", models.UniqueConstraint(name="one_delivery_a_worker", fields=["worker", "notice", "channel"])
        ),
        migrations.AddConstraint(
            "delivery", models.UniqueConstraint(name="one_delivery_a_login", fields=["user", "notice", "channel"])
        ),
        migrations.AddIndex(
            "delivery", models.Index(fields=["shares"], name="delivery_shared", condition=Q(shares__isnull=False))
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
