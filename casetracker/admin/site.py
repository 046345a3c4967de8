from django.contrib import admin


class DeskSite(admin.AdminSite):
    site_header = "Casetracker"
