from django.db import models
from django.db.models.functions import Now


class Touched(models.Model):
    """A person whose events changed since their stints and moves were last read.

    Triggers on the record write it in the transaction of the change, and a refresh deletes it
    in the transaction of the new rows: a lost broker or a killed worker loses no change.
    """

    person_id = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.person_id)


class TouchedPackage(models.Model):
    """A package that changed since its line was last read: itself, a reading, or what dates it."""

    package_id = models.BigIntegerField(primary_key=True)
    since = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.package_id)
