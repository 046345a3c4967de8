"""The WSGI entry point, `casetracker.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casetracker.settings")
application = get_wsgi_application()

# What is loaded by now stays as long as the process does: the collector of cycles need not walk through it again. And a
# long timeline is a hundred thousand objects that all go when the page is written; by default they would be walked
# through a hundred times before that, which took a quarter of the page's time.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 20, 20)
