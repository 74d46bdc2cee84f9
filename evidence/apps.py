from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """The reading half: asks, does the sums, draws, hands out. It has no models and never writes."""

    name = "evidence"
    verbose_name = "Reading the evidence"
