#!/usr/bin/env python3
"""The one command of a developer and of whoever tries Casetracker: `python3 dev.py` lists what it can do."""

import os
import sys

# These two come before anything that an older Python or another system could not even read.
if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit(
        "Casetracker needs Python 3.11 or newer, and this is %d.%d (%s). "  # noqa: UP031
        "With a newer one installed, start it by name, for example: python3.12 dev.py run"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )
if os.name != "posix":
    sys.exit("dev.py runs on Linux and macOS. On Windows use it inside WSL, the Windows Subsystem for Linux.")

from devtools.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
