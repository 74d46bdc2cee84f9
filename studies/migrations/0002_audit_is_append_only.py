"""The database itself refuses to change or delete an audit event."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("studies", "0001_store")]

    operations = [
        migrations.RunSQL(
            sql="""
            CREATE FUNCTION studies_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'Audit events are never changed or deleted.';
            END $$;
            CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON studies_auditevent
            FOR EACH ROW EXECUTE FUNCTION studies_audit_is_append_only();
            """,
            reverse_sql="""
            DROP TRIGGER audit_is_append_only ON studies_auditevent;
            DROP FUNCTION studies_audit_is_append_only();
            """,
        )
    ]
