"""What an operator can set: a wrong value is refused at start, with name, value and expectation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum import settings
from forum.settings import PREFIX, SECRET, SETTINGS, Settings, WrongSetting


def chosen(**values: str) -> Settings:
    return settings.from_environment({PREFIX + name: value for name, value in values.items()})


def refusal(name: str, value: str) -> str:
    with pytest.raises(WrongSetting) as refused:
        chosen(**{name: value})
    return str(refused.value)


def test_without_any_setting_everything_has_a_default() -> None:
    made = settings.from_environment({})
    assert made.base_url == "http://127.0.0.1:8000"
    assert made.database_url.startswith("sqlite:///")
    assert made.database_url.endswith("/var/samverkan.sqlite")
    assert (made.host, made.port, made.body_mb) == ("127.0.0.1", 8000, 1)
    assert made.attachment_mb == 25
    assert made.trusted_proxies == ()
    assert not made.secure
    assert not made.demo


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert chosen(**{setting.name: "" for setting in SETTINGS}) == settings.from_environment({})


WRONG = {
    "DATA": ["   ", "~nobody-has-this-account/data"],
    "DATABASE_URL": [
        "samverkan.sqlite",
        "sqlite://",
        "sqlite:///",
        "sqlite://file.sqlite",
        "mysql://h/d",
        "postgres://h",
        "postgres://h/",
        "postgres://h:port/d",
        "postgres://h:99999/d",
    ],
    "HOST": ["not a host", "127.0.0.1:8000", "http://127.0.0.1", "-", "*", "å.example"],
    "PORT": ["0", "65536", "-1", "80 ", "http", "8e3", "8000.0", "²", "9" * 5000],
    "BASE_URL": [
        "samverkan.example",
        "//samverkan.example",
        "ftp://samverkan.example",
        "javascript:alert(1)",
        "https://",
        "https://:443",
        "https://samverkan.example/forum",
        "https://samverkan.example?a=b",
        "https://samverkan.example?",
        "https://samverkan.example#top",
        "https://samverkan.example:0",
        "https://samverkan.example:99999",
        "https://samverkan.example:port",
        "https://samverkan.example:",
        " https://samverkan.example",
        "https://samver kan.example",
        "https://samverkån.example",
        "https://anna@samverkan.example",
        "https://:@samverkan.example",
        "https://samverkan.example\\evil",
        "https://[",
        "https://a,b",
    ],
    "TRUSTED_PROXIES": ["*", "proxy", "10.0.0.1/8", "10.0.0.256", "10.0.0.1 10.0.0.2", "::1/129"],
    "BODY_MB": ["0", "101", "-1", "1.5", "1 MB", "9" * 5000],
    "ATTACHMENT_MB": ["0", "101", "-1", "1.5", "25 MB", "9" * 5000],
    "DOCUMENT_MB": ["0", "1000001", "-1", "1.5", "2 GB", "9" * 5000],
    # Several only on PostgreSQL.
    "WORKERS": ["0", "2", "65", "-1", "1.5", "all", "9" * 5000],
    "BLOBS_URL": [
        "bucket",
        "s3:bucket",
        "s3://",
        "s3:///prefix",
        "s3://Bucket",
        "s3://b",
        "s3://key:secret@bucket",
        "s3://bucket?region=x",
        "s3://bucket//prefix",
        "https://bucket.s3.example",
        "gs://bucket",
    ],
    "S3_ENDPOINT": [
        "s3.example",
        "ftp://s3.example",
        "https://",
        "https://s3.example/path",
        "https://key@s3.example",
        "https://s3.example:99999",
        "https://s3.example?x",
    ],
    # One without the other.
    "S3_KEY_ID": ["AKIAEXAMPLE"],
    "S3_SECRET": ["hemlig-nyckel"],
    "CLAMD": [
        "clamd",
        "/run/clamav/clamd.ctl",
        "unix:clamd.ctl",
        "tcp:3310",
        "tcp:host",
        "tcp:host:0",
        "tcp:host:65536",
        "tcp:host:²",
        "tcp::3310",
        "tcp:two hosts:3310",
        "udp:host:3310",
        "http://host:3310",
    ],
    "LOG": ["JSON", "yes", "text,json"],
    "METRICS_TOKEN": ["short", "x" * 15, "a token with spaces", "tvättstugenyckel"],
    "CONTACT_EMAIL": ["anna", "@", "anna@", "anna @kommun.example"],
}
ANYTHING = {"S3_REGION", "OPERATED_BY", "CONTACT_NAME", "CONTACT_PHONE"}


def test_every_setting_is_either_tried_here_or_free_text() -> None:
    assert {setting.name for setting in SETTINGS} == WRONG.keys() | ANYTHING


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_value_is_refused_with_name_value_and_expectation(name: str, value: str) -> None:
    said = refusal(name, value)
    assert said.startswith(f"SAMVERKAN_{name} is ")
    assert re.search(r"; expected \S+", said)
    if name in SECRET:
        assert value not in said
    elif "@" not in value and "?" not in value and not value.partition("://")[2].count(":port"):
        assert repr(value) in said


def test_no_secret_is_shown_with_the_settings() -> None:
    secret = "0123456789abcdef-hemlig"
    made = chosen(METRICS_TOKEN=secret, S3_KEY_ID="key", S3_SECRET=secret)
    assert made.s3_secret == made.metrics_token == secret
    assert secret not in repr(made)


RIGHT = {
    "DATABASE_URL": ["sqlite:////srv/x.sqlite", "postgres://u:p@h:5432/d", "postgresql://h/d"],
    "HOST": ["0.0.0.0", "::", "::1", "localhost", "samverkan.example"],  # noqa: S104
    "PORT": ["1", "65535"],
    "TRUSTED_PROXIES": ["10.0.0.5", "10.0.0.5, 10.1.0.0/16", "::1,fd00::/8", "10.0.0.5,"],
    "BODY_MB": ["1", "100"],
    "BLOBS_URL": ["s3://bucket", "s3://bucket/", "s3://my.bucket-1/some/prefix"],
    "S3_ENDPOINT": ["https://s3.example", "http://127.0.0.1:9000/", "https://s3.example:8443"],
    "CLAMD": ["unix:/run/clamav/clamd.ctl", "tcp:127.0.0.1:3310", "tcp:[::1]:3310", "tcp:av:1"],
    "LOG": ["json", "text"],
    "METRICS_TOKEN": ["0123456789abcdef", "x" * 200],
    "CONTACT_EMAIL": ["anna.ek@kommun.example"],
    "OPERATED_BY": ["Kommunalförbundet <Norr> & Söder"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in RIGHT.items() for value in values]
)
def test_a_right_value_is_taken(name: str, value: str) -> None:
    assert getattr(chosen(**{name: value}), name.lower()) not in {None, ""}


@pytest.mark.parametrize(
    ("value", "base_url"),
    [
        ("https://samverkan.example", "https://samverkan.example"),
        ("https://samverkan.example/", "https://samverkan.example"),
        ("HTTPS://Samverkan.Example", "https://samverkan.example"),
        ("https://xn--samverkn-g0a.example", "https://xn--samverkn-g0a.example"),
        ("https://samverkan.example:8443", "https://samverkan.example:8443"),
        # Browsers leave the usual port out of Origin and Host: with it, no form would be taken.
        ("https://samverkan.example:443", "https://samverkan.example"),
        ("http://localhost:80", "http://localhost"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_address_is_as_browsers_write_it(value: str, base_url: str) -> None:
    made = chosen(BASE_URL=value)
    assert made.base_url == base_url
    assert made.base_url in made.origins
    assert made.base_url.split("://")[1] in made.hosts


@pytest.mark.parametrize(
    "host",
    [
        "samverkan.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.2",
        "0.0.0.0",  # noqa: S104
        "10.0.0.1",
        "[::2]",
        "localhost@evil.example",
    ],
)
def test_without_https_only_this_computer_is_served(host: str) -> None:
    assert "http only on this computer" in refusal("BASE_URL", f"http://{host}")
    assert chosen(BASE_URL="http://127.0.0.1").base_url == "http://127.0.0.1"


def test_the_names_of_this_computer_count_as_one_with_the_same_port() -> None:
    made = chosen(PORT="8123")
    assert made.origins == {
        "http://127.0.0.1:8123", "http://localhost:8123", "http://[::1]:8123",
    }  # fmt: skip
    assert made.hosts == {"127.0.0.1:8123", "localhost:8123", "[::1]:8123"}


def test_the_usual_port_is_left_out_of_the_default_address_too() -> None:
    assert "127.0.0.1" in chosen(PORT="80").hosts


def test_a_public_address_is_the_only_one() -> None:
    made = chosen(BASE_URL="https://samverkan.example")
    assert made.secure
    assert made.origins == {"https://samverkan.example"}
    assert made.hosts == {"samverkan.example"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://anna:hemlis@h/d"),
        ("DATABASE_URL", "postgres://anna:hemlis@h"),
        ("DATABASE_URL", "postgres://anna:hemlis@h:port/d"),
        ("DATABASE_URL", "postgres://anna:hemlis"),
        ("DATABASE_URL", "postgres://anna:hem/lis@h"),
        ("DATABASE_URL", "postgres://anna:x@hemlis@h"),
        ("DATABASE_URL", "anna:hemlis@h/d"),
        ("DATABASE_URL", "mysql://h/d?password=hemlis"),
        ("BASE_URL", "https://anna:hemlis@samverkan.example"),
        ("BASE_URL", "https://:hemlis@samverkan.example"),
    ],
)
def test_a_password_in_an_address_is_never_shown(name: str, value: str) -> None:
    said = refusal(name, value)
    assert "lis" not in said
    assert f"SAMVERKAN_{name}" in said


@given(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="/?#@\0")))
def test_whatever_the_password_it_is_not_shown(secret: str) -> None:
    said = str(WrongSetting("X", settings._without_password(f"mysql://u:S3{secret}@h/d"), "y"))
    assert "S3" not in said


@given(st.sampled_from([setting.name for setting in SETTINGS]), st.text())
def test_any_text_is_either_taken_or_refused_by_name(name: str, value: str) -> None:
    try:
        chosen(**{name: value})
    except WrongSetting as refused:
        assert str(refused).startswith(f"SAMVERKAN_{name} is ")  # noqa: PT017


@given(st.text(alphabet="htps:/.@[]#?%a1\\ :", max_size=30))
def test_an_address_that_is_taken_is_an_origin_and_nothing_more(value: str) -> None:
    try:
        taken = chosen(BASE_URL=value).base_url
    except WrongSetting:
        return
    assert re.fullmatch(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[1-9][0-9]*)?", taken)


def test_proxies_are_kept_as_networks() -> None:
    made = chosen(TRUSTED_PROXIES="10.0.0.5, 10.1.0.0/16,::1")
    assert made.trusted_proxies == ("10.0.0.5/32", "10.1.0.0/16", "::1/128")


def test_several_processes_serve_on_postgresql_alone() -> None:
    made = chosen(WORKERS="4", DATABASE_URL="postgres://u:p@h:5432/d")
    assert made.workers == 4
    for url in ("", "sqlite:////srv/x.sqlite"):
        with pytest.raises(WrongSetting) as refused:
            chosen(WORKERS="4", DATABASE_URL=url)
        assert "only one process can serve from a SQLite file" in str(refused.value)
        assert "SAMVERKAN_DATABASE_URL" in str(refused.value)


def test_only_the_demo_itself_says_that_it_is_one() -> None:
    assert chosen(DEMO="1").demo
    assert not chosen(DEMO="").demo
    assert "DEMO" not in {setting.name for setting in SETTINGS}
