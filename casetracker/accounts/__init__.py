"""
Who signs in to the desk, with what, and from where.

An application of its own beside the record: its rows are machinery that comes and goes, with no history and no rule of
publication. `second_factor` decides who is admitted, `throttle` how often something may be tried, `sessions` which
browsers are signed in, `links` which one-time addresses hold.
"""
