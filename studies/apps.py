from django.apps import AppConfig


class StudiesConfig(AppConfig):
    """The store: what was found, who says so and how good it is. The only half that writes."""

    name = "studies"
    verbose_name = "Evidence store"
    default_auto_field = "django.db.models.BigAutoField"
