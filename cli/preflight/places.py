"""Where our own installations lie: all inside the repository, all ignored by git."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
STAMPS = TOOLS / "stamps"
LOGS = TOOLS / "logs"
UV = TOOLS / "uv" / "bin" / "uv"
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
ICS = ROOT / "ics"
TEMPORAL_PATH = TOOLS / "temporal-path"
BUILT_TEMPORAL = TOOLS / "bin" / "temporal"
FETCHED_TEMPORAL = TOOLS / "temporal"
