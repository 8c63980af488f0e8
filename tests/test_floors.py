"""The rooms stand on their floors, and no function or file grows beyond what a reader can hold."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / "src" / "goodword"
LONGEST_FUNCTION = 60
LONGEST_FILE = 400
PASSED_OVER = {"migrations", "tests", "data"}
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
FLOORS = next(contract for contract in CONTRACTS if contract["type"] == "layers")["layers"]
FLOOR_OF = {
    room.strip(): height for height, floor in enumerate(reversed(FLOORS)) for room in floor.split("|")
}
ROOMS = sorted(package.parent.name for package in HOUSE.glob("*/__init__.py"))


def sources() -> Iterator[tuple[Path, str]]:
    """Every file of Python that people read and change, with its name as the offences say it."""
    for path in sorted(HOUSE.rglob("*.py")):
        if not PASSED_OVER & set(path.relative_to(HOUSE).parts):
            yield path, str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_rooms_import_downwards_only() -> None:
    """The contracts in pyproject.toml hold."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts\n") :] + done.stderr


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_has_its_floor(room: str) -> None:
    assert room in FLOOR_OF, f"The room {room} stands on no floor. Add it to the layers in pyproject.toml."


def test_every_room_but_coaching_is_kept_from_the_coach() -> None:
    shut = next(contract for contract in CONTRACTS if contract.get("forbidden_modules") == ["goodword.coach"])
    assert sorted(shut["source_modules"]) == [
        f"goodword.{room}" for room in ROOMS if room not in {"coach", "coaching"}
    ]


def test_no_relation_of_a_model_points_up_a_floor() -> None:
    offences = []
    for model in apps.get_models():
        room = model._meta.app_config.name.removeprefix("goodword.") if model._meta.app_config else ""
        for field in [*model._meta.get_fields()] if room in FLOOR_OF else []:
            other = getattr(field.related_model, "_meta", None)
            if field.auto_created or other is None or not other.app_config.name.startswith("goodword."):
                continue
            there = other.app_config.name.removeprefix("goodword.")
            if there != room and FLOOR_OF[there] >= FLOOR_OF[room]:
                offences.append(
                    f"{model.__name__}.{field.name} of {room} points at {other.object_name} of {there}."
                )
    assert not offences, "\n".join(offences)


def test_no_function_is_longer_than_sixty_lines() -> None:
    offences = [
        f"{function.name} in {name}:{function.lineno} has {length(function)} lines. Cut it into smaller ones."
        for path, name in sources()
        for function in functions(ast.parse(path.read_text()))
        if length(function) > LONGEST_FUNCTION
    ]
    assert not offences, "\n".join(offences)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    lengths = [(name, len(path.read_text().splitlines())) for path, name in sources()]
    offences = [
        f"{name} has {lines} lines. Make it a folder of the same name, split by noun."
        for name, lines in lengths
        if lines > LONGEST_FILE
    ]
    assert not offences, "\n".join(offences)


def test_no_import_hides_in_a_function() -> None:
    offences = [
        f"{function.name} in {name}:{node.lineno} imports something. Put the import at the head of the file."
        for path, name in sources()
        for function in functions(ast.parse(path.read_text()))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert not offences, "\n".join(offences)
