"""The root package as an app, and the one admin that all apps share."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "zhaoqing_site.admin.StaffSite"


class ZhaoqingSiteConfig(AppConfig):
    name = "zhaoqing_site"

    def ready(self):
        from zhaoqing_site import checks  # noqa: F401  registers the system checks
