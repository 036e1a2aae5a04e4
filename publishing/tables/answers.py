"""What the pages of tables share: their addresses, their frame, files that leave the site."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

from publishing.tables.columns import Columns


def columns_of(model_admin) -> Columns:
    return Columns(model_admin.model, model_admin.table)


def address(model_admin, ending, *arguments) -> str:
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{ending}", args=arguments)


def page(model_admin, request, template, title, context):
    base = {**model_admin.admin_site.each_context(request), "title": title, "opts": model_admin.opts}
    return TemplateResponse(request, template, base | {"import_address": address(model_admin, "import")} | context)


def file_response(content, content_type, name):
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def template_name(model_admin) -> str:
    return f"{stem(model_admin)}-{gettext('template')}.xlsx"


def export_name(model_admin, ending) -> str:
    """An export bears the day on which it was taken."""
    return f"{stem(model_admin)}-{timezone.localdate():%Y-%m-%d}.{ending}"


def stem(model_admin) -> str:
    return "-".join(str(model_admin.opts.verbose_name_plural).lower().split())
