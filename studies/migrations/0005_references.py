"""References, merges and loads in stages; a source may be known by its bibliographic record alone."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('studies', '0004_appraisal_workflow'),
    ]

    operations = [
        migrations.CreateModel(
            name='LoadPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
            ],
            options={
                'ordering': ['load', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('former_id', models.CharField(blank=True, max_length=120)),
                ('former', models.JSONField(default=dict)),
                ('score', models.PositiveSmallIntegerField()),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('merged_at', models.DateTimeField(auto_now_add=True)),
                ('merged_by', models.TextField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undone_by', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PossibleDuplicate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('score', models.PositiveSmallIntegerField()),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None)),
                ('status', models.CharField(choices=[('open', 'To be looked at'), ('merged', 'One publication'), ('apart', 'Two publications')], default='open', max_length=20)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decided_by', models.TextField(blank=True)),
            ],
            options={
                'ordering': ['-score', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Reference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(db_index=True, help_text='Equal for records equal in every tag.', max_length=32)),
                ('reference_type', models.CharField(blank=True, max_length=30)),
                ('title', models.TextField()),
                ('authors', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('year', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('date', models.TextField(blank=True, help_text='As written in the file.')),
                ('container', models.TextField(blank=True, verbose_name='journal or book')),
                ('publisher', models.TextField(blank=True)),
                ('volume', models.TextField(blank=True)),
                ('issue', models.TextField(blank=True)),
                ('pages', models.TextField(blank=True)),
                ('doi', models.TextField(blank=True, verbose_name='DOI')),
                ('isbn', models.TextField(blank=True, verbose_name='ISBN')),
                ('issn', models.TextField(blank=True, verbose_name='ISSN')),
                ('pmid', models.TextField(blank=True, verbose_name='PubMed number')),
                ('url', models.TextField(blank=True, verbose_name='address')),
                ('abstract', models.TextField(blank=True)),
                ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), blank=True, default=list, size=None)),
                ('language', models.TextField(blank=True)),
                ('notes', models.TextField(blank=True)),
                ('raw', models.JSONField(default=list, help_text='Every tag and value of the record, in order.')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_publisher_not_blank',
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_source_type_known',
        ),
        migrations.RemoveConstraint(
            model_name='source',
            name='source_bibliographic_check_known',
        ),
        migrations.AddField(
            model_name='load',
            name='closed_at',
            field=models.DateTimeField(blank=True, help_text='When it was last given its status.', null=True),
        ),
        migrations.AddField(
            model_name='load',
            name='closed_by',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='load',
            name='encoding',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='load',
            name='issues',
            field=models.JSONField(default=list, help_text='What is wrong or odd, by record.'),
        ),
        migrations.AddField(
            model_name='load',
            name='kind',
            field=models.CharField(choices=[('evidence', 'Tables of the evidence base'), ('references', 'References')], default='evidence', max_length=20),
        ),
        migrations.AddField(
            model_name='load',
            name='line_ending',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='load',
            name='skip_rejected',
            field=models.BooleanField(default=False, help_text='Committed without the refused records.'),
        ),
        migrations.AddField(
            model_name='loadrow',
            name='reasons',
            field=models.JSONField(default=list, help_text='Why it was merged, in sentences.'),
        ),
        migrations.AddField(
            model_name='loadrow',
            name='record',
            field=models.PositiveIntegerField(blank=True, help_text='Number of the record in its file.', null=True),
        ),
        migrations.AlterField(
            model_name='load',
            name='sha256',
            field=models.CharField(db_index=True, help_text='Of the bytes as they came.', max_length=64),
        ),
        migrations.AlterField(
            model_name='source',
            name='bibliographic_check',
            field=models.CharField(blank=True, choices=[('seen', 'The document was read, in whole or in part'), ('quoted_by_others', 'The document was not read: it is quoted by others')], max_length=20),
        ),
        migrations.AlterField(
            model_name='source',
            name='geography',
            field=models.TextField(blank=True, help_text='Area covered.'),
        ),
        migrations.AlterField(
            model_name='source',
            name='limitations',
            field=models.TextField(blank=True, help_text='In our own words.'),
        ),
        migrations.AlterField(
            model_name='source',
            name='method',
            field=models.TextField(blank=True, help_text='How the evidence was gathered.'),
        ),
        migrations.AlterField(
            model_name='source',
            name='peer_reviewed',
            field=models.BooleanField(blank=True, help_text='Blank where it is not known.', null=True),
        ),
        migrations.AlterField(
            model_name='source',
            name='publisher',
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name='source',
            name='source_type',
            field=models.CharField(blank=True, choices=[('academic_study', 'Academic study'), ('official_statistics', 'Official statistics'), ('grey_literature', 'Grey literature'), ('independent_inquiry', 'Independent inquiry'), ('qualitative_interviews', 'Qualitative interviews'), ('policy_paper', 'Policy paper')], max_length=40),
        ),
        migrations.AlterField(
            model_name='source',
            name='summary',
            field=models.TextField(blank=True, help_text='In our own words.'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['evidence', 'references'])), name='load_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='load',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by', '')), models.Q(('closed_at__isnull', False), models.Q(('closed_by', ''), _negated=True)), _connector='OR'), name='load_closed_paired'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('source_type__in', ['academic_study', 'official_statistics', 'grey_literature', 'independent_inquiry', 'qualitative_interviews', 'policy_paper', ''])), name='source_source_type_known'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('bibliographic_check__in', ['seen', 'quoted_by_others', ''])), name='source_bibliographic_check_known'),
        ),
        migrations.AddConstraint(
            model_name='source',
            constraint=models.CheckConstraint(condition=models.Q(('bibliographic_check', ''), models.Q(models.Q(('publisher__regex', '^\\s*$'), _negated=True), models.Q(('source_type', ''), _negated=True), models.Q(('method__regex', '^\\s*$'), _negated=True), models.Q(('geography__regex', '^\\s*$'), _negated=True), models.Q(('summary__regex', '^\\s*$'), _negated=True), models.Q(('limitations__regex', '^\\s*$'), _negated=True), ('peer_reviewed__isnull', False)), _connector='OR'), name='source_described_wholly'),
        ),
        migrations.AddField(
            model_name='loadpart',
            name='load',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='studies.load'),
        ),
        migrations.AddField(
            model_name='merge',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='studies.source'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='other',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='possible_duplicates_as_other', to='studies.source'),
        ),
        migrations.AddField(
            model_name='possibleduplicate',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='possible_duplicates', to='studies.source'),
        ),
        migrations.AddField(
            model_name='reference',
            name='load_row',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='reference', to='studies.loadrow'),
        ),
        migrations.AddField(
            model_name='reference',
            name='source',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='references', to='studies.source'),
        ),
        migrations.AddField(
            model_name='merge',
            name='references',
            field=models.ManyToManyField(related_name='merges', to='studies.reference'),
        ),
        migrations.AddConstraint(
            model_name='loadpart',
            constraint=models.UniqueConstraint(models.F('load'), models.F('number'), name='load_part_once'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['open', 'merged', 'apart'])), name='possibleduplicate_status_known'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('other')), _negated=True), name='possible_duplicate_joins_two'),
        ),
        migrations.AddConstraint(
            model_name='possibleduplicate',
            constraint=models.UniqueConstraint(django.db.models.functions.comparison.Least('source', 'other'), django.db.models.functions.comparison.Greatest('source', 'other'), name='possible_duplicate_once'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by', '')), models.Q(('undone_at__isnull', False), models.Q(('undone_by', ''), _negated=True)), _connector='OR'), name='merge_undone_paired'),
        ),
    ]
