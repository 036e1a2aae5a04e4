"""The staff area of news and of policies and services."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from bureaus.staff import in_languages
from news.models import Article, Policy, PolicyStep
from publishing.admin import PublishableAdmin
from publishing.inlines import PartInline, PictureUseInline


@admin.register(Article)
class ArticleAdmin(PublishableAdmin):
    texts = ("title", "summary", "body", "publisher")
    facts = (
        ("kind", "featured"),
        ("publisher_published_at", "is_undated"),
        "publisher_url",
        "parks",
        "projects",
        "industries",
        "related",
    )
    autocomplete_fields = ["parks", "projects", "related"]
    list_filter = [*PublishableAdmin.list_filter, "kind"]


class PolicyStepInline(PartInline):
    model = PolicyStep
    fk_name = "policy"
    add_words = _("Add a step")
    fields = [*in_languages("title", "office"), ("days", "fee_cny", "order")]


@admin.register(Policy)
class PolicyAdmin(PublishableAdmin):
    texts = ("title", "summary", "body", "issuing_body", "eligibility", "amount_text", "rate_base", "documents_needed")
    facts = (
        ("kind", "category", "level"),
        ("document_no", "validity", "replaced_by"),
        ("issued_on", "effective_on", "expires_on"),
        "original_url",
    )
    more_facts = (
        (
            _("Amounts, office and days"),
            (("rate_percent", "cap_cny", "fee_cny"), ("office", "promised_days", "statutory_days"), ("apply_from", "apply_until")),
        ),
        (_("What it is about"), ("districts", "industries", "parks", "interpretation")),
    )
    autocomplete_fields = ["replaced_by", "parks", "interpretation"]
    inlines = [PictureUseInline, PolicyStepInline]
    search_fields = [*PublishableAdmin.search_fields, "document_no"]
    list_filter = [*PublishableAdmin.list_filter, "kind", "category", "validity"]
