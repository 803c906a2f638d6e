"""The one rule of the house: archive/ never touches the network and knows nothing of crawler/."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
FORBIDDEN = [
    "crawler",
    "scrapy",
    "twisted",
    "playwright",
    "requests",
    "httpx",
    "aiohttp",
    "urllib3",
    "urllib.request",
    "http.client",
    "http.server",
    "socketserver",
    "ftplib",
    "smtplib",
    "asyncio",
    "ssl",
]
GETS_THE_HOST_NAME = "archive/warc/names.py"


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_archive_imports_nothing_that_reaches_the_network() -> None:
    found = []
    for path in sorted((REPOSITORY / "archive").rglob("*.py")):
        for module in imported(ast.parse(path.read_bytes())):
            if any(module == name or module.startswith(f"{name}.") for name in FORBIDDEN):
                found.append((str(path.relative_to(REPOSITORY)), module))
    assert found == []


def test_archive_uses_the_socket_module_for_the_name_of_the_host_alone() -> None:
    users = {}
    for path in sorted((REPOSITORY / "archive").rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        if "socket" in {module.partition(".")[0] for module in imported(tree)}:
            attributes = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
            used = {node.attr for node in attributes if getattr(node.value, "id", None) == "socket"}
            users[str(path.relative_to(REPOSITORY))] = used
    assert users == {GETS_THE_HOST_NAME: {"gethostname"}}
