"""Sample pages for the tests of the look: real templates, made-up content, no server and no database.

The figures here are invented and stand for nothing.
"""

import mimetypes
from types import SimpleNamespace

from django.conf import settings
from django.template import engines


ADDRESS = "http://sample.test"
POLICY = "; ".join(
    " ".join([name, *sources]) for name, sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
)

FRAME = """
{% extends "base.html" %}
{% block title %}Sample{% endblock %}
{% block htmx %}{% if live %}{% include "components/_htmx.html" %}{% endif %}{% endblock %}
{% block scripts %}{% include "components/_figure_scripts.html" %}{% endblock %}
{% block content %}<h1 class="govuk-heading-l">Sample</h1>BODY{% endblock %}
"""
FIGURE = '{% include "components/_figure.html" %}'
LISTING = """
<div class="evidence-listing" id="listing">
  <details class="evidence-filters"><summary>Filter</summary><div class="evidence-filters__body">
    <form method="get" action="/list/" hx-get="/list/" hx-target="#listing" hx-select="#listing"
          hx-swap="outerHTML" hx-push-url="true" hx-trigger="change, submit">
      <label class="govuk-label" for="q">Search</label><input class="govuk-input" id="q" name="q">
      {% include "components/_facet.html" with counted="sources" %}
      <button class="govuk-button">Apply filters</button>
    </form></div></details>
  <div><h2 class="evidence-count">{{ count }} sources</h2>{% include "components/_figure.html" %}</div>
</div>
"""


def chart(**changes) -> SimpleNamespace:
    """A chart as `_figure.html` wants it: two bars, their table, words; `changes` to its layout."""
    narrow = {"height": 420, "margin": {"l": 10, "r": 10, "t": 10, "b": 40}}
    return SimpleNamespace(
        chart_id="sample",
        data_id="sample-data",
        title="Two in three were unknown",
        subtitle="Share of people, 2020",
        text_alternative="Bars: known 34 per cent, unknown 66 per cent.",
        captions=("Base: 100 people.", "Take care: invented."),
        source_line="Source: nobody, 2020",
        csv_url="/sample.csv",
        figure_payload={
            "data": [{"type": "bar", "orientation": "h", "y": ["Known", "Unknown"], "x": [34, 66]}],
            "layout": {"height": 300, "meta": {"narrow_below": 600}, **changes},
            "layout_narrow": narrow,
            "config": {"responsive": True},
        },
        table=SimpleNamespace(
            caption="Share of people",
            columns=[
                SimpleNamespace(label=label, numeric=label == "Share")
                for label in ("Category", "Share", "Scope", "Period", "How exact", "How it was read", "Note")
            ],
            rows=[
                [
                    "Known",
                    "34%",
                    "Everyone",
                    "2020",
                    "exact",
                    "primary",
                    "A note long enough to need a line break",
                ],
                [
                    "Unknown",
                    "66%",
                    "Everyone",
                    "2020",
                    "exact",
                    "primary",
                    "Another-very-long-word-without-spaces",
                ],
            ],
        ),
    )


def facet(selected: str = "") -> SimpleNamespace:
    """A facet of twelve options, so that the last two are folded away."""
    options = [
        SimpleNamespace(value=f"Area {n}", label=f"Area {n}", count=n, selected=f"Area {n}" == selected)
        for n in range(1, 13)
    ]
    return SimpleNamespace(key="geography", label="Area", options=options)


def html(body: str, **context) -> str:
    """A whole page whose content is the template text `body`."""
    navigation = [SimpleNamespace(label="Overview", url="/", current=True)]
    context = {
        "chart": chart(),
        "facet": facet(),
        "navigation": navigation,
        "provisional_notice": "Drafts.",
        **context,
    }
    return engines["django"].from_string(FRAME.replace("BODY", body)).render(context)


def serve(page, answers: dict, *, without: str = "") -> None:
    """Answer the page's requests: `answers` by path (a text, or status and text), files from static/.

    Files whose address holds `without` fail to load. An answer may be a function of the address.
    """

    def answer(route):
        path, _, _ = route.request.url.removeprefix(ADDRESS).partition("?")
        if without and without in path:
            route.abort()
        elif path.startswith("/static/"):
            file = settings.BASE_DIR / path.removeprefix("/")
            route.fulfill(path=file, content_type=mimetypes.guess_type(file.name)[0])
        elif path in answers:
            found = answers[path]
            status, text = found(route.request.url) if callable(found) else (200, found)
            headers = {"Content-Security-Policy": POLICY}
            route.fulfill(status=status, body=text, content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.fulfill(status=404, body="")

    page.route("**/*", answer)


def show(page, body: str, *, without: str = "", **context) -> None:
    """Open one sample page."""
    serve(page, {"/": html(body, **context)}, without=without)
    page.goto(f"{ADDRESS}/")
