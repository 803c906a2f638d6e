from __future__ import annotations

from pathlib import Path

import pytest

from tests.origin.certificate import make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and certificate for an origin that speaks https."""
    return make_certificate(tmp_path_factory.mktemp("tls") / "origin.pem")
