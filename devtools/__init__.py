"""
What `dev.py` does for a person at a keyboard: the Python environment, a PostgreSQL of its own, the try-out, the checks.

Standard library only, for most of it runs before anything is installed.
"""
