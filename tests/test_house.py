"""The house itself: what no single module's test would notice."""

import json
import re
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
TARGETS = ("help", "demo", "dev", "test", "lint", "contract", "bench", "clean")
MOST_LINES = 250
# One list each: every shape that crosses a border, every table. Looked up, not read through.
_LISTS = {"store/tables.py"}
_CODE = {".py", ".ts", ".sol"}


def _ours() -> list[Path]:
    """Every file that git holds or would take: no installation, no run-time state."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


@pytest.mark.parametrize("name", PACKAGES)
def test_each_root_package_is_ours(name: str) -> None:
    """An installed package of the same name would shadow it, or be shadowed, silently."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin) == ROOT / name / "__init__.py"


def test_every_package_is_listed_everywhere() -> None:
    """Wheel, import-linter and mypy know the same packages."""
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    assert set(PACKAGES) == folders
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == folders
    assert folders <= set(PROJECT["tool"]["mypy"]["packages"])


def test_the_name_is_not_for_the_index() -> None:
    """The classifier makes the package index refuse an upload."""
    assert "Private :: Do Not Upload" in PROJECT["project"]["classifiers"]


def test_python_packages_come_from_the_public_index_only() -> None:
    """uv.lock names no other registry and no other host of files."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    sources = [package["source"] for package in lock["package"]]
    assert {source["registry"] for source in sources if "registry" in source} == {
        "https://pypi.org/simple"
    }
    assert [source for source in sources if "registry" not in source] == [{"editable": "."}]
    hosts = set(re.findall(r'url = "(https?://[^/"]+)', (ROOT / "uv.lock").read_text()))
    assert hosts <= {"https://files.pythonhosted.org"}


def test_node_packages_come_from_the_public_registry_only() -> None:
    """package-lock.json names no other registry, and nothing outside one."""
    packages = json.loads((ROOT / "ics" / "package-lock.json").read_text())["packages"]
    resolved = {
        found.get("resolved", "https://registry.npmjs.org/")
        for name, found in packages.items()
        if name
    }
    assert all(url.startswith("https://registry.npmjs.org/") for url in resolved)


def test_no_file_is_long() -> None:
    """A file past 250 lines is two files."""
    code = [path for path in _ours() if path.suffix in _CODE]
    lengths = {str(path.relative_to(ROOT)): _length(path) for path in code}
    long = {name for name, lines in lengths.items() if lines > MOST_LINES}
    assert long - _LISTS == set()


def _length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("package", ["workflows", "activities"])
def test_the_sandbox_has_nothing_to_run(package: str) -> None:
    """The workflow sandbox runs these files again and again."""
    assert (ROOT / package / "__init__.py").read_text() == ""


def test_every_test_folder_is_a_package() -> None:
    """Without the marker two tests of one name collide."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_configuration_is_data() -> None:
    """`config/` is read by Python and TypeScript alike, so it holds code of neither."""
    files = [path for path in _ours() if path.is_relative_to(ROOT / "config")]
    assert [path.name for path in files if path.suffix in {".py", ".ts", ".js"}] == []


def test_no_path_of_one_machine_is_kept() -> None:
    """A home folder or a temporary one in a file works on one machine only."""
    machine = re.compile(r"/(?:home|Users|root)/[a-z]|/work/|/tmp/[a-z]")
    kept = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in _ours()
        if path.suffix in {*_CODE, ".toml", ".json", ".yaml", ".yml", ".lock", ".md"}
        if path != Path(__file__)
        if (found := machine.search(path.read_text(encoding="utf-8")))
    ]
    assert kept == []


@pytest.mark.parametrize("target", TARGETS)
def test_make_help_lists_every_target(target: str) -> None:
    """What is not listed is not found."""
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.search(rf"^  {target} +\S", said.stdout, re.MULTILINE)


def test_continuous_integration_runs_make_test() -> None:
    """One way to check, for people and machines."""
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o100
    assert script.read_text().rstrip().endswith("exec make test")
