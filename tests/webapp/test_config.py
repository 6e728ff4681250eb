"""The table of settings: read, bounded, and the same in the documentation."""

import os
import subprocess
import sys

import pytest

from webapp.config import ROOT, SETTINGS, ConfigurationError, from_environment, table


def test_settings_come_from_the_environment():
    settings = from_environment({"MAX_BATCH": "3", "PRODUCTION": "yes", "UNKNOWN": "x"})
    assert (settings["MAX_BATCH"], settings["PRODUCTION"]) == (3, True)
    assert "UNKNOWN" not in settings
    assert set(settings) == {setting.name for setting in SETTINGS}


def test_what_the_program_says_counts_more_than_the_environment():
    settings = from_environment({"MAX_BATCH": "3"}, {"MAX_BATCH": 4, "TESTING": True})
    assert (settings["MAX_BATCH"], settings["TESTING"]) == (4, True)


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("MAX_BATCH", "many", "MAX_BATCH is 'many'"),
        ("PRODUCTION", "perhaps", "PRODUCTION is 'perhaps': 1 or 0"),
        ("CONCURRENCY", "0", "CONCURRENCY is 0; 1 to 64 is meant"),
        ("PROXY_HOPS", "-1", "PROXY_HOPS is -1; 0 to 16 is meant"),
        ("PORT", "65536", "PORT is 65536; 1 to 65,535 is meant"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused(name, text, meant):
    with pytest.raises(ConfigurationError, match=meant):
        from_environment({name: text})


@pytest.mark.parametrize("off", ["0", "off", "false", ""])
def test_off_means_off(off):
    assert from_environment({"METRICS_ENABLED": off})["METRICS_ENABLED"] is False


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_default_is_within_its_bounds(setting):
    setting.check(setting.default)


def test_the_documentation_has_the_same_table():
    assert table() in (ROOT / "docs" / "deploy.md").read_text()


def test_the_server_takes_its_settings_from_the_table():
    code = (
        "import runpy; c = runpy.run_path('gunicorn.conf.py'); "
        "print(c['bind'], c['workers'], c['threads'] - c['_SPARE_THREADS'])"
    )
    settings = {"PORT": "8123", "CONCURRENCY": "3", "METRICS_ENABLED": "0", "WEB_CONCURRENCY": "5"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["127.0.0.1:8123", "1", "15"]
