"""The four floors: imports only go down, and a network's rows are asked for by the door alone."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# From the ground up. Migrations stand below: they know no floor, and only what is on it.
FLOORS = ("migrations", "storage", "forum", "realtime", "web")
SKIPPED = {".git", ".venv", "node_modules", "static", "var", "build", "dist", "__pycache__"}


def sources(*folders: str) -> list[Path]:
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if not SKIPPED & set(path.relative_to(ROOT).parts)
    )


def named(path: Path) -> str:
    """``forum/demo/people.py`` → ``forum.demo.people``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(tree: ast.Module, module: str, *, package: bool = False) -> Iterator[str]:
    """Yield each name that is imported anywhere in a module, also within its functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = module.split(".")[: None if package and node.level == 1 else -node.level or None]
            base = up if node.level else []
            yield from (".".join([*base, node.module or "", alias.name]) for alias in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"}:
            for given in node.args[:1]:
                if isinstance(given, ast.Constant) and isinstance(given.value, str):
                    yield given.value


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def upward(source: str, module: str, *, package: bool = False) -> list[str]:
    """Return what a module imports from a floor above its own, or from the tests."""
    height = FLOORS.index(module.split(".")[0])
    above = {*FLOORS[height + 1 :], "tests"}
    names = imported(ast.parse(source), module, package=package)
    return [name for name in names if name.replace("..", ".").split(".")[0] in above]


def test_imports_only_go_down() -> None:
    found = {
        path: upward(path.read_text(), named(path), package=path.name == "__init__.py")
        for path in sources(*FLOORS)
    }
    assert {path: names for path, names in found.items() if names} == {}
    assert {path.relative_to(ROOT).parts[0] for path in found} == set(FLOORS)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("storage.door", "import web"),
        ("storage.door", "import web.app as anything"),
        ("storage.door", "from forum import discussions"),
        ("storage.door", "from forum.discussions import post_reply"),
        ("storage.door", "def late():\n    from realtime import hub"),
        ("forum.mail", "async def late():\n    import web.rendering"),
        ("forum.mail", "if TYPE_CHECKING:\n    from web.pages.threads import show"),
        ("forum.mail", "from realtime.hub import *"),
        ("forum.demo.people", "from ...web import app"),
        ("forum.mail", "importlib.import_module('web.app')"),
        ("realtime.hub", "try:\n    import web\nexcept ImportError:\n    pass"),
        ("migrations.storage.1_more", "from storage.people import Person"),
        ("web.app", "from tests import world"),
    ],
)
def test_an_import_that_goes_up_is_found(module: str, source: str) -> None:
    assert len(upward(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("web.app", "from forum import mail\nimport storage.door\nfrom web import cookies"),
        ("web.app", "import website\nfrom . import cookies"),
        ("forum.mail", "from .text import one_line\nfrom storage import door"),
    ],
)
def test_an_import_that_goes_down_is_let_through(module: str, source: str) -> None:
    assert upward(source, module) == []


def test_the_server_is_named_by_text_in_one_place() -> None:
    """The one place that refers upwards: ``serve`` hands uvicorn the names of what is above it."""
    naming = [
        (named(path), node.value)
        for path in sources("migrations", "storage", "forum", "realtime")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.startswith("web.")
    ]
    above = ("heads:BoundedHeads", "app:create")
    assert naming == [("forum.serving", f"web.{one}") for one in above]


#: What a floor does not know: others' libraries that would make it know.
UNKNOWN = {
    "storage": {"starlette", "uvicorn", "httpx", "jinja2", "smtplib", "email", "websockets"},
    "forum": {"starlette", "httpx", "jinja2", "websockets"},
    "realtime": {"jinja2"},
    "web": {"tortoise", "sqlite3", "asyncpg", "aerich"},
}


def test_a_floor_knows_only_its_own_matters() -> None:
    for path in sources(*UNKNOWN):
        names = {name.split(".")[0] for name in imported(ast.parse(path.read_text()), named(path))}
        assert names & UNKNOWN[named(path).split(".")[0]] == set(), path


PAST_THE_DOOR = {"prefetch_related", "fetch_related", "fetch_for_list", "select_related"}


def reaching(source: str) -> list[str]:
    """Return the calls that fetch rows past every manager, and querysets made by hand."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute | ast.Name):
            name = _name(node)
            if name in PAST_THE_DOOR or name.startswith("bulk_") or name in {"_meta", "raw"}:
                found.append(name)
        if isinstance(node, ast.Call) and _name(node.func) in {"QuerySet", "get_connection"}:
            found.append(_name(node.func))
    return found


def test_outside_storage_nothing_reaches_past_the_door() -> None:
    found = {path: reaching(path.read_text()) for path in sources("forum", "realtime", "web")}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    "source",
    [
        "inside.threads.prefetch_related('x')",
        "await thread.fetch_related('author')",
        "Session.filter().select_related('person')",
        "await Person.bulk_create(people)",
        "Thread.raw('SELECT 1')",
        "QuerySet(Thread).filter(id=1)",
        "Thread._meta.manager",
    ],
)
def test_reaching_past_the_door_is_found(source: str) -> None:
    assert len(reaching(source)) == 1


def statements(source: str) -> Iterator[tuple[int, str | None]]:
    """Yield line and text of every ``….read(sql)`` and ``….change(sql)``; None: cannot be made out.

    A name is looked up among what the function, then the module, has set it to.
    """
    tree = ast.parse(source)
    outer = _set(tree.body)
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef | ast.FunctionDef):
            names = outer | _set(function.body)
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and _is_raw(node.func) and node.args:
                    yield node.lineno, _text(node.args[0], names)


#: What takes SQL: of the door's ``Inside``, and of storage.database behind it.
RAW = {"read", "read_few", "look_up", "change"}


def _is_raw(called: ast.expr) -> bool:
    """``inside.read(…)``, by whatever name; forms, files and pipes are not the database."""
    return (
        isinstance(called, ast.Attribute)
        and called.attr in RAW
        and _name(called.value) not in {"forms", "file", "pipe", "part", "reading"}
    )


def _set(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """The first value that each name is set to; what is added to it later only narrows."""
    found: dict[str, ast.expr] = {}
    for statement in body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                pairs = (
                    zip(target.elts, statement.value.elts, strict=True)
                    if isinstance(target, ast.Tuple) and isinstance(statement.value, ast.Tuple)
                    else [(target, statement.value)]
                )
                for one, value in pairs:
                    if isinstance(one, ast.Name):
                        found.setdefault(one.id, value)
    return found


def _text(node: ast.expr, names: dict[str, ast.expr]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name) and node.id in names:
        return _text(names[node.id], {key: value for key, value in names.items() if key != node.id})
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        sides = _text(node.left, names), _text(node.right, names)
        return None if None in sides else "".join(filter(None, sides))
    if isinstance(node, ast.JoinedStr):
        # What is put in may say anything; the network must be named in what is written here.
        return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return None


def test_every_sql_text_names_the_network() -> None:
    for path in sources("forum", "realtime", "web"):
        for line, text in statements(path.read_text()):
            assert text is not None, f"{path.name}:{line}: write the SQL where it can be read"
            assert ":network_id" in text, f"{path.name}:{line}"


def test_the_sql_texts_are_found() -> None:
    found = [named(path) for path in sources("forum") for _ in statements(path.read_text())]
    some = {"forum.listed_threads", "forum.reading", "forum.directory", "forum.organisations"}
    assert some <= set(found)
    bad = (
        "async def f(inside):\n    sql = 'SELECT * FROM thread'\n    await inside.read(sql + ' x')"
    )
    assert list(statements(bad)) == [(3, "SELECT * FROM thread x")]
    hidden = "async def f(inside, sql):\n    await inside.read(sql)"
    assert list(statements(hidden)) == [(2, None)]


def test_only_storage_asks_the_database_without_a_door() -> None:
    for path in sources("forum", "realtime", "web"):
        tree = ast.parse(path.read_text())
        past = {f"storage.database.{name}" for name in RAW}
        assert not past & set(imported(tree, named(path))), path
        attributes = {node for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not {f"database.{name}" for name in RAW} & set(map(ast.unparse, attributes)), path


#: In pieces, so that this file does not name them either.
REGISTRIES = [
    ".".join(pieces)
    for pieces in (
        ("pypi", "org"),
        ("python" + "hosted", "org"),
        ("npm" + "js", "org"),
        ("npm" + "js", "com"),
        ("yarn" + "pkg", "com"),
        ("npm" + "mirror", "com"),
        ("un" + "pkg", "com"),
        ("js" + "delivr", "net"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
    )
]


def test_no_file_names_the_host_of_a_package_registry() -> None:
    read = 0
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        if SKIPPED & set(inside) or any(part.endswith("_cache") for part in inside):
            continue
        if path.is_file() and path.suffix not in {".mo", ".woff2", ".png", ".ico"}:
            text = path.read_text(errors="replace").casefold()
            read += 1
            assert [host for host in REGISTRIES if host in text] == [], path
    assert read > 100


EMPTY_NAMES = {
    *("util", "utils", "helper", "helpers", "manager", "managers", "service", "services"),
    *("base", "common", "misc"),
}
DEMO = "forum.demo.managers"


def test_modules_and_classes_are_called_what_they_are() -> None:
    # The one manager is Tortoise's, closed; forum.demo.managers tells of people who are.
    paths = [path for path in sources(*FLOORS) if named(path) not in {"storage.owned", DEMO}]
    assert {path.stem for path in paths} & EMPTY_NAMES == set()
    ends = ("Manager", "Service", "Helper", "Util", "Utils", "Base")
    for path in paths:
        nodes = ast.walk(ast.parse(path.read_text()))
        classes = [node.name for node in nodes if isinstance(node, ast.ClassDef)]
        assert [name for name in classes if name.endswith(ends)] == [], path
