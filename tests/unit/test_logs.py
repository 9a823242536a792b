"""The log as text, for one's own terminal; as JSON it is looked at in http/test_observed.py."""

import io
import json
import logging
import sys

import pytest

from forum import logs


@pytest.fixture(autouse=True)
def outside() -> None:
    logs.request.set("")


def record(message: str, *words: object, failed: bool = False) -> logging.LogRecord:
    trouble = None
    if failed:
        try:
            raise LookupError("Bo Ek")
        except LookupError:
            trouble = sys.exc_info()
    return logging.LogRecord("forum.x", logging.INFO, "x.py", 1, message, words, trouble)


def test_text_is_a_line_with_the_number_of_the_request_at_its_end() -> None:
    assert logs.Text().format(record("%d jobs", 3)) == "INFO:     3 jobs"
    logs.request.set("5ff0c2a1b7d4")
    assert logs.Text().format(record("%d jobs", 3)) == "INFO:     3 jobs  [5ff0c2a1b7d4]"


def test_text_has_whole_tracebacks_and_json_has_places() -> None:
    assert "LookupError: Bo Ek" in logs.Text().format(record("broken", failed=True))
    line = logs.Json().format(record("broken", failed=True))
    (error,) = json.loads(line)["errors"]
    assert error["kind"] == "builtins.LookupError"
    assert error["at"][0].endswith(" record")
    assert "Bo Ek" not in line


def test_a_message_of_several_lines_is_one_line_of_json() -> None:
    line = logs.Json().format(record("one\ntwo\u2028three"))
    assert "\n" not in line
    assert json.loads(line)["message"] == "one\ntwo\u2028three"


def test_it_is_text_on_a_terminal_and_json_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def formatter(form: str) -> str:
        handler: str = logs.configuration(form)["handlers"]["lines"]["formatter"]
        return handler

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert (formatter(""), formatter("text"), formatter("json")) == ("json", "text", "json")
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert (formatter(""), formatter("text"), formatter("json")) == ("text", "text", "json")


def test_libraries_lines_about_sockets_are_left_out() -> None:
    assert not logs.Impersonal().filter(record('%s - "WebSocket %s" [accepted]', "x", "/live"))
    assert not logs.Impersonal().filter(record('%s - "WebSocket %s" 403', "x", "/live"))
    assert not logs.Impersonal().filter(record("connection rejected (%d %s)", "403", "Forbidden"))
    assert logs.Impersonal().filter(record("broken"))
