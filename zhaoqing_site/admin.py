"""The staff front page: a work list, not a list of models."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class StaffSite(AdminSite):
    site_header = _("Invest Zhaoqing: staff")
    site_title = _("Invest Zhaoqing")
    index_title = _("Start")
