"""
The editors' desk: Django's own admin, under the site's Content-Security-Policy.

`site.py` is the site, `base.py` and `inlines.py` what all its screens share, and one module a model group the screens
themselves; `registration.py` imports them all.
"""
