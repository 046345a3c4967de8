"""Where things lie: the clone, its environment and its data directory."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"


def data_directory() -> Path:
    """`CASETRACKER_DATA`, or `.casetracker` in the clone. Made by whoever first needs it."""
    return Path(os.environ.get("CASETRACKER_DATA", "").strip() or ROOT / ".casetracker").expanduser().absolute()
