from django.db import models
from django.db.models.functions import Now


class Generation(models.Model):
    """One row with one number that every change of the record raises, inside its transaction.

    Pages use it as their ETag. The triggers raise it before a statement touches any row, so
    writers of the record queue behind one another: a reader who sees a number sees everything
    up to it, and two curators cannot deadlock over it.
    """

    number = models.BigIntegerField(default=0)
    # With the number it names one state for good: a restored backup counts up from an old
    # number again, but not at an old time.
    changed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.number)

    @staticmethod
    def current() -> int:
        return Generation.objects.values_list("number", flat=True).first() or 0

    @property
    def version(self) -> str:
        """The name of this state of the record, for caches."""
        return f"{self.number}.{self.changed_at.timestamp():.6f}"

    @staticmethod
    def current_version() -> str:
        state = Generation.objects.first()
        return state.version if state else "0"
