"""Accounts of each role for tests of the workbench, and a round with two appraisers."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from studies.actions import appraisals, rounds
from studies.appraisal.entry import Entry, Given
from studies.models import Appraisal, Instrument, Source
from studies.permissions import Role


def person(name: str, role: Role | None = None, **more):
    """An account, in the group of its role."""
    user = get_user_model().objects.create_user(name, **more)
    if role is not None:
        # A test in a transaction of its own may have emptied the table of groups before.
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user


def entry(method="yes", sample="yes", note="As the report says.", rationale="Sound.", **more) -> Entry:
    """A filled form of the small tool."""
    given = {"clear-method": Given(method, note, "p. 3"), "sample-described": Given(sample, note, "p. 4")}
    return Entry({key: one for key, one in given.items() if one.answer}, rationale, **more)


class Round:
    """Two appraisers and a lead reviewer at work on the small study."""

    def __init__(self, source: str = "small-study", appraisers: int = 2):
        self.lead = person("lead", Role.LEAD_REVIEWER)
        self.first = person("first", Role.APPRAISER)
        self.second = person("second", Role.APPRAISER)
        self.source = Source.objects.get(pk=source)
        self.instrument = Instrument.objects.get()
        self.opened = rounds.assign(
            source=self.source,
            instrument=self.instrument,
            appraisers=[self.first, self.second][:appraisers],
            by=self.lead,
        )

    def of(self, who) -> Appraisal:
        """The person's appraisal as it stands."""
        return Appraisal.everything.get(round=self.opened, appraiser=who)

    def save(self, who, filled: Entry, token: str = "one-form") -> Appraisal:
        """Declare and save a draft."""
        mine = appraisals.declare(appraisal=self.of(who), by=who)
        return appraisals.save_draft(
            appraisal=mine, entry=filled, version=mine.version, form_token=token, by=who
        )

    def submit(self, who, filled: Entry) -> Appraisal:
        """Declare, save and submit."""
        return appraisals.submit(appraisal=self.save(who, filled), by=who)

    def state(self) -> str:
        self.opened.refresh_from_db()
        return self.opened.status

    def rating(self) -> tuple:
        """What speaks for the source now."""
        found = Source.objects.with_rating().get(pk=self.source.pk)
        return found.rating, found.rating_status
