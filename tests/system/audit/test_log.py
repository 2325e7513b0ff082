import pytest

from kefu.system.audit.log import first_broken, write
from kefu.system.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_changed_entry_shows():
    for n in range(3):
        write("ann", "did", str(n), n=n)
    assert first_broken() is None
    second = AuditEntry.objects.order_by("pk")[1]
    AuditEntry.objects.filter(pk=second.pk).update(who="eve")
    assert first_broken() == second


def test_a_removed_entry_shows():
    for n in range(3):
        write("ann", "did", str(n))
    AuditEntry.objects.order_by("pk")[1].delete()
    assert first_broken() is not None
