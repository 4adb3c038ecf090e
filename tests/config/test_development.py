import pytest

from config import development


@pytest.fixture
def clone(monkeypatch, tmp_path):
    """A clone nobody has configured, with a var/ of its own."""
    for name in ("ENVIRONMENT", "SECRET_KEY", "DATABASE_URL", "REDIS_URL"):
        # Set first, so that what the code under test sets is undone as well.
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(development, "BASE_DIR", tmp_path)
    monkeypatch.setattr(development, "VAR_DIR", tmp_path / "var")
    return tmp_path


class TestDeclare:
    def test_takes_an_unconfigured_clone_for_development(self, clone):
        assert development.declare() is True
        assert len((clone / "var" / "secret_key").read_text()) >= 50

    @pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "SECRET_KEY_FILE"])
    def test_takes_a_configured_copy_for_production(self, clone, monkeypatch, name):
        monkeypatch.setenv(name, "something")

        assert development.declare() is False
        assert not (clone / "var").exists()

    def test_reads_the_file_beside_manage_py(self, clone):
        (clone / ".env").write_text("ENVIRONMENT=production\n")

        assert development.declare() is False


class TestSecretKey:
    def test_is_made_once_and_readable_by_its_owner_only(self, tmp_path):
        first = development.secret_key(tmp_path / "key")

        assert development.secret_key(tmp_path / "key") == first
        assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


class TestAttach:
    def test_names_only_the_servers_not_given(self, clone, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere/tw")

        development.attach(serve=False)

        assert list(development.embedded()) == []  # both are named now
        assert development.os.environ["DATABASE_URL"] == "postgres://elsewhere/tw"
        assert development.os.environ["REDIS_URL"].startswith("unix://")


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["migrate"], True),
        (["career", "Ada"], True),
        (["career", "--help"], False),
        (["collectstatic"], False),
        ([], False),
    ],
)
def test_starts_servers_only_for_commands_that_ask_them(arguments, needed):
    assert development.needs_servers(arguments) is needed
