"""The table itself wakes the readers: no writer has to ask for it with a query of its own."""

from django.db import migrations

TOLD = """
CREATE FUNCTION goodword_events_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('goodword_events', '');
    RETURN NULL;
END
$$;
CREATE TRIGGER events_event_told AFTER INSERT ON events_event
    FOR EACH STATEMENT EXECUTE FUNCTION goodword_events_told();
"""
SILENT = "DROP TRIGGER events_event_told ON events_event; DROP FUNCTION goodword_events_told();"


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]
    operations = [migrations.RunSQL(TOLD, SILENT)]
