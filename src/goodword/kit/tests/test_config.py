from pathlib import Path

import pytest

from goodword.kit import config


def test_an_empty_environment_gives_a_working_installation() -> None:
    settings = config.load({})
    assert settings.port == 8000
    assert settings.url == "http://127.0.0.1:8000"
    assert settings.database_url == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("GOODWORD_PORT", "abc", "GOODWORD_PORT is 'abc'; it must be a whole number from 1 to 65535."),
        ("GOODWORD_PORT", "70000", "GOODWORD_PORT is '70000'; it must be a whole number from 1 to 65535."),
        ("GOODWORD_PORT", "٣", "GOODWORD_PORT is '٣'; it must be a whole number from 1 to 65535."),
        ("GOODWORD_MAIL_CATCH_ALL", "maybe", "GOODWORD_MAIL_CATCH_ALL is 'maybe'; it must be yes or no."),
        (
            "GOODWORD_TIME_ZONE",
            "Mars/Olympus",
            "GOODWORD_TIME_ZONE is 'Mars/Olympus'; it must be the name of a time zone such as Europe/Berlin.",
        ),
        (
            "GOODWORD_CURRENCY",
            "Euro",
            "GOODWORD_CURRENCY is 'Euro'; it must be the three letters of a currency such as EUR.",
        ),
        (
            "DATABASE_URL",
            "mysql://x",
            "DATABASE_URL is 'mysql://x'; it must begin with postgres:// or postgresql://.",
        ),
        (
            "GOODWORD_URL",
            "care.example.org",
            "GOODWORD_URL is 'care.example.org'; it must be a web address such as https://care.example.org.",
        ),
    ],
)
def test_a_wrong_setting_is_told_with_its_value_and_what_to_do(name: str, value: str, sentence: str) -> None:
    with pytest.raises(config.ConfigError) as caught:
        config.load({name: value})
    assert str(caught.value) == sentence


def test_all_wrong_settings_are_told_at_once() -> None:
    with pytest.raises(config.ConfigError) as caught:
        config.load({"GOODWORD_PORT": "x", "GOODWORD_SMTP_PORT": "y"})
    assert len(str(caught.value).splitlines()) == 2


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(config.ConfigError, match="must be a folder, and it is a file"):
        config.load({"GOODWORD_DATA": str(tmp_path / "file")})


def test_mail_senders_are_read_with_what_proves_their_calls() -> None:
    settings = config.load(
        {"GOODWORD_MAIL_HOOKS": "postmark?secret=a:a%20long+pass=word mailgun?webhook_signing_key=k"}
    )
    assert settings.mail_hooks == {
        "postmark": {"secret": "a:a long+pass=word"},
        "mailgun": {"webhook_signing_key": "k"},
    }


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("mailgum?webhook_signing_key=hidden", "'mailgum' is none"),
        ("mailgun?webhook_key=hidden", "'webhook_key' is none"),
        ("brevo?api_key=hidden", "must set secret for brevo, or anybody could call"),
        ("postmark?secret=user:hidden", "12 or more characters"),
        ("postmark?secret=hidden", "user:password"),
    ],
)
def test_a_wrong_mail_sender_is_told_and_its_secret_is_not(value: str, said: str) -> None:
    with pytest.raises(config.ConfigError) as caught:
        config.load({"GOODWORD_MAIL_HOOKS": value})
    assert said in str(caught.value)
    assert str(caught.value).startswith("GOODWORD_MAIL_HOOKS must ")
    assert "hidden" not in str(caught.value)
