"""The hidden field by which a form takes effect once."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from innovation_voucher.casework.idempotency import FIELD, new_token

register = template.Library()


@register.simple_tag
def once_token() -> SafeString:
    """A token of its own for every form of the page; the view is decorated with `@once`."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())
