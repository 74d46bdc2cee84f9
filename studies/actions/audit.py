"""Write down that the store changed. Called inside the transaction of the change itself."""

from typing import Any

from django.db import transaction

from ..models import AuditEvent


def record(
    *, event_type: str, by: str, target: Any = None, detail: dict[str, Any] | None = None
) -> AuditEvent:
    """Append one audit event.

    `by` is who is answerable: a user name, or "command line". Raises `RuntimeError` outside a transaction, since an
    event without its change, or a change without its event, would make the data version untrue.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit event is written in the transaction of its change.")
    return AuditEvent.objects.create(
        event_type=event_type,
        target_type=target._meta.model_name if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        detail=detail or {},
        created_by=by,
    )
