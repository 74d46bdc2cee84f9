"""Loads that wait for a worker, and what the queue does with them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studies', '0007_release_mappings'),
    ]

    operations = [
        migrations.CreateModel(
            name='LoadTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('stage', 'Reading'), ('commit', 'Committing'), ('revert', 'Reverting')], max_length=20)),
                ('skip_rejected', models.BooleanField(default=False)),
                ('job', models.BigIntegerField(blank=True, null=True)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('asked_by', models.TextField()),
                ('started_at', models.DateTimeField(blank=True, null=True)),
                ('step', models.TextField(blank=True)),
                ('done', models.PositiveIntegerField(default=0)),
                ('whole', models.PositiveIntegerField(blank=True, help_text='Blank while it is not known.', null=True)),
                ('cancelled_at', models.DateTimeField(blank=True, help_text='When it was asked to stop.', null=True)),
                ('cancelled_by', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ending', models.CharField(blank=True, choices=[('done', 'Done'), ('refused', 'Refused'), ('cancelled', 'Cancelled'), ('failed', 'Failed')], max_length=20)),
                ('message', models.TextField(blank=True, help_text='What it has to say at its end, in a sentence.')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='load',
            name='load_status_known',
        ),
        migrations.AddField(
            model_name='load',
            name='doubts',
            field=models.PositiveIntegerField(default=0, help_text='Records that may be the same publication as another one.'),
        ),
        migrations.AddField(
            model_name='load',
            name='files',
            field=models.JSONField(blank=True, default=list, help_text='Of a folder: name and SHA-256 of each file that was read.'),
        ),
        migrations.AddField(
            model_name='load',
            name='issue_count',
            field=models.PositiveIntegerField(default=0, help_text='How many there are in all.'),
        ),
        migrations.AddField(
            model_name='load',
            name='size',
            field=models.BigIntegerField(blank=True, help_text='Bytes; blank for a folder.', null=True),
        ),
        migrations.AlterField(
            model_name='load',
            name='issues',
            field=models.JSONField(default=list, help_text='What is wrong or odd, by record; the first few thousand.'),
        ),
        migrations.AlterField(
            model_name='load',
            name='status',
            field=models.CharField(choices=[('waiting', 'Waiting to be read'), ('unusable', 'Cannot be used'), ('staged', 'Staged'), ('committed', 'Committed'), ('reverted', 'Reverted'), ('discarded', 'Discarded')], max_length=20),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'unusable', 'staged', 'committed', 'reverted', 'discarded'])), name='load_status_known'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('waiting', 'staged'))), fields=('sha256',), name='load_in_hand_once'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('size__isnull', True), ('size__gte', 0), _connector='OR'), name='load_size_not_negative'),
        ),
        migrations.AddField(
            model_name='loadtask',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='studies.load'),
        ),
        migrations.AddConstraint(
            model_name='loadtask',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['stage', 'commit', 'revert'])), name='load_task_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='loadtask',
            constraint=models.CheckConstraint(condition=models.Q(('ending__in', ['done', 'refused', 'cancelled', 'failed', ''])), name='load_task_ending_known'),
        ),
        migrations.AddConstraint(
            model_name='loadtask',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by__regex', '^\\s*$'), _negated=True), name='load_task_asked_by_not_blank'),
        ),
        migrations.AddConstraint(
            model_name='loadtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ending', '')), models.Q(('ended_at__isnull', False), models.Q(('ending', ''), _negated=True)), _connector='OR'), name='load_task_ended_paired'),
        ),
        migrations.AddConstraint(
            model_name='loadtask',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', True), ('cancelled_by', '')), models.Q(('cancelled_at__isnull', False), models.Q(('cancelled_by', ''), _negated=True)), _connector='OR'), name='load_task_cancelled_paired'),
        ),
        migrations.AddConstraint(
            model_name='loadtask',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('load',), name='load_task_one_at_a_time'),
        ),
    ]
