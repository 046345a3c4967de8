"""
A line of a docket, as somebody copied it from a web page, taken apart for a form that a person checks. Pure.

`read` finds the columns (date, entry number, text) in whichever of the usual orders they stand, and in the text what
kind of entry it is, the form and outcome of a ruling, who signed it and to which entries it answers. It says nothing of
which it is not sure: what it left open, or filled in on thin grounds, is named in `doubts`. Kinds, forms and outcomes
are the words of `casetracker.models` as plain text, for nothing here knows of a database.
"""

from casetracker.docket_lines.columns import cut
from casetracker.docket_lines.line import Columns, DocketLine, Doubt, Signature
from casetracker.docket_lines.naming import attachments
from casetracker.docket_lines.reading import read, told

__all__ = ["Columns", "DocketLine", "Doubt", "Signature", "attachments", "cut", "read", "told"]
