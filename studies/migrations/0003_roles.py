"""The groups that roles are. What each may do stands in `studies/permissions.py`."""

from django.db import migrations


ROLES = ["Analyst", "Appraiser", "Lead reviewer", "Loader", "Publisher"]


def make_groups(apps, schema_editor):
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("studies", "0002_audit_is_append_only"), ("auth", "0012_alter_user_first_name_max_length")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
