"""How news of the record travels up: one signal, sent after commit."""

from django.dispatch import Signal

# Arguments: people and companies, two frozensets of ids that the change touched.
record_changed = Signal()
# Sent inside the transaction of a removal, so that whoever kept words of the record forgets
# them with it. Arguments: at; people and events, lists of ids; names, everything the person
# was called.
removed = Signal()
