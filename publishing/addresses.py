"""An address once public keeps working: old slugs lead to the present page."""

from django.contrib.contenttypes.models import ContentType

from publishing.models import OldAddress


def keep_old_address(item, old_slug: str) -> None:
    """Remembers that `old_slug` was this item's address. Call it in the transaction that changes the slug."""
    content_type = ContentType.objects.get_for_model(item)
    # The new slug is an address of its own again: an old entry of that name would hide it or make a loop.
    OldAddress.objects.filter(content_type=content_type, slug=item.slug).delete()
    OldAddress.objects.update_or_create(content_type=content_type, slug=old_slug, defaults={"object_id": item.pk})


def find_moved(model, slug: str):
    """The item that `slug` once belonged to, if it still answers; else None."""
    old = OldAddress.objects.filter(content_type=ContentType.objects.get_for_model(model), slug=slug).first()
    return model.objects.reachable().filter(pk=old.object_id).first() if old else None
