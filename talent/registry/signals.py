"""How news of the record travels up: one signal, sent after commit."""

from django.dispatch import Signal

# Arguments: people and companies, two frozensets of ids that the change touched.
record_changed = Signal()
