"""Known vulnerabilities of everything that serving installs, where the package index tells them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.site import ROOT

TIMEOUT_S = 10  # of one question to the index
SILENT = "not audited: the package index serves no vulnerability data, or cannot be reached"


def audit(packages: Path) -> list[dict]:
    """What pip-audit says of each package in a folder; nothing where the index does not answer."""
    done = subprocess.run(
        [sys.executable, "-m", "pip_audit", "--path", packages, "--format=json",
         "--progress-spinner=off", f"--timeout={TIMEOUT_S}"],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip
    return json.loads(done.stdout)["dependencies"] if done.stdout.startswith("{") else []


def known(found: list[dict]) -> list[str]:
    """The vulnerabilities in what pip-audit said, one line each; skips where it knows nothing."""
    audited = [package for package in found if "skip_reason" not in package]
    if not {package["name"] for package in audited} & {"flask", "werkzeug", "jinja2"}:
        pytest.skip(SILENT)
    return [
        f"{package['name']} {package['version']}: {flaw['id']}, fixed in {flaw['fix_versions']}"
        for package in audited
        for flaw in package["vulns"]
    ]


def test_nothing_that_serving_installs_is_known_to_be_vulnerable(serving_python):
    (packages,) = serving_python.parent.parent.glob("lib/python*/site-packages")
    assert known(audit(packages)) == []


def test_a_finding_is_told_and_silence_is_no_clean_bill():
    flaw = {"id": "PYSEC-2099-1", "fix_versions": ["9.9"], "aliases": [], "description": ""}
    flawed = {"name": "flask", "version": "0.1", "vulns": [flaw]}
    assert known([flawed]) == ["flask 0.1: PYSEC-2099-1, fixed in ['9.9']"]
    unknown = {"name": "flask", "skip_reason": "Dependency not found on PyPI"}
    for answers in ([], [unknown]):
        with pytest.raises(pytest.skip.Exception, match="not audited"):
            known(answers)
