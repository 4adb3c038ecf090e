from django.apps import AppConfig


class OperationConfig(AppConfig):
    """Registers the checks of the surroundings: what the database must be able to
    do.
    """

    name = "config"
    label = "operation"
    verbose_name = "Operation"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers on import)
