"""A date with the precision it is known to: parse it, order it, show it. Pure.

Sources give a day, a month or a year, an argument that lasted three days, a day known only to lie between two others,
or no more than "before" and "after". ``UncertainDate`` holds each of these as given and never invents the first of
January. The stored text is EDTF, the Extended Date/Time Format of the Library of Congress (ISO 8601-2), in one
canonical spelling; ``parse`` reads what people write.
"""

from casetracker.dates.forms import DateError, Examples, Form, Precision, Weekday
from casetracker.dates.grammar import Use, grammar
from casetracker.dates.value import Point, UncertainDate
from casetracker.dates.written import EXAMPLES, parse, parse_bound

__all__ = [
    "EXAMPLES",
    "DateError",
    "Examples",
    "Form",
    "Point",
    "Precision",
    "UncertainDate",
    "Use",
    "Weekday",
    "grammar",
    "parse",
    "parse_bound",
]
