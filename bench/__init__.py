"""
Measurements: data of our own making in a database of its own, and one command that prints ratios.

`python3 dev.py bench` brings its own PostgreSQL; docs/performance.md says what is measured and what was found.
"""
