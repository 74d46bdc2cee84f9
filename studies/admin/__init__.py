"""The admin site: every table of the store, one module a subject.

Evidence may be put right by hand; each change is an action with its audit event. What is written by other means
(loads, releases, appraisals on the workbench, the audit trail) can be read here and not changed.
"""

from django.contrib import admin

from . import appraisals, areas, conclusions, findings, history, measures, second_factor, sign_in, sources


__all__ = [
    "appraisals",
    "areas",
    "conclusions",
    "findings",
    "history",
    "measures",
    "second_factor",
    "sign_in",
    "sources",
]

admin.site.site_header = "Evidence store"
admin.site.site_title = "Evidence store"
admin.site.index_title = "Tables"
