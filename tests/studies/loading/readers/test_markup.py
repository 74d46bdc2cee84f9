"""HTML that databases leave in their exports is taken out, and text that only looks like it stays."""

import json

import pytest

from studies.loading.readers.markup import guarded, readable
from tests.studies.loading.readers.reading import records_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Arts &amp; Humanities", "Arts & Humanities"),
        ("Solvers&#x0027; and &quot;others&quot;&#8212;a review", 'Solvers\' and "others"—a review'),
        ("A &amp;lt; B", "A < B"),
        ("H<sub>2</sub>O and <i>E. coli</i>", "H2O and E. coli"),
        ('<span class="x">Small</span> <SUP>2</SUP>', "Small 2"),
        ("P < 0.05 and n > 5", "P < 0.05 and n > 5"),
        ("if a <b and c> d", "if a <b and c> d"),
        ("<Case> & R&D; more", "<Case> & R&D; more"),
        ("<em>", ""),
        ("&lt;i&gt;E. coli&lt;/i&gt; &amp;amp; others", "E. coli & others"),
    ],
)
def test_text_is_read_as_people_see_it(written, meant):
    assert readable(written) == meant


@pytest.mark.parametrize(
    "text", ["&ap;", "a &amp; b", "<b>x</b>", "<p>", "&#38;ap;", "&#60;b>", "P<0.05 & n>5", "&lt;b>"]
)
def test_guarded_text_is_read_back_as_it_was(text):
    assert readable(guarded(text)) == text


def test_every_text_of_a_record_is_cleared_and_the_raw_values_stay():
    item = {
        "type": "article-journal",
        "title": "Harm &amp; <i>recording</i>",
        "container-title": "Arts &amp; Law",
        "publisher": "A &amp; B",
        "author": [{"family": "O&#39;Neil", "given": "Ada"}],
        "keyword": "R&amp;D; care",
        "abstract": "<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two &lt; three.</jats:p>",
    }

    (one,) = records_of(json.dumps([item]))

    assert (one.title, one.container, one.publisher) == ("Harm & recording", "Arts & Law", "A & B")
    assert one.authors == ("O'Neil, Ada",)
    assert one.keywords == ("R&D", "care")
    assert one.abstract == "Abstract\nOne.\nTwo < three."
    assert ("title", "Harm &amp; <i>recording</i>") in one.raw


def test_names_with_references_to_characters_are_not_divided_at_their_semicolons():
    (one,) = records_of("TY  - JOUR\nTI  - One\nAU  - O&#39;Neil, A.; M&uuml;ller, B.\nER  - \n")

    assert one.authors == ("O'Neil, A.", "Müller, B.")
