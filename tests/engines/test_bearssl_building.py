"""The glue of BearSSL: compiled once, kept where nobody else can write, and missed in words that help."""

import os
import shutil
import stat
import subprocess
import sys

import pytest

from harness.interpreters import find
from microhttps import Server, Unsupported
from microhttps.engines.bearssl import building
from microhttps.engines.bearssl.building import check_folder, glue
from microhttps.explain import explain

LOAD = "from microhttps import Server; print(Server(engine='bearssl').settings.engine.NAME)"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home of this package, which only we can write to."""
    home = tmp_path / "home"
    monkeypatch.setenv("MICROHTTPS_HOME", str(home))
    return home


def refused(*arguments):
    with pytest.raises(Unsupported) as caught:
        glue(*arguments)
    assert caught.value.code == "engine_not_installed"
    return caught.value.facts["reason"]


def test_it_is_compiled_once_and_for_nobody_else(home):
    path = glue()
    made = os.stat(path)
    assert path.startswith(str(home)) and stat.S_IMODE(made.st_mode) == 0o600
    assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
    assert glue() == path and os.stat(path).st_mtime_ns == made.st_mtime_ns
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]


def test_a_second_process_needs_no_compiler_any_more(home):
    loaded = load(home)
    assert loaded.communicate(timeout=120) == ("bearssl\n", "")
    assert load(home, CC="/nowhere/cc").communicate(timeout=120) == ("bearssl\n", "")


def test_processes_that_compile_at_once_do_not_disturb_each_other(home):
    together = [load(home) for _ in range(3)]
    assert [process.communicate(timeout=120) for process in together] == [("bearssl\n", "")] * 3
    [kept] = os.listdir(home / "engines")
    assert kept.endswith(".so")


def load(home, **environment):
    return subprocess.Popen([sys.executable, "-c", LOAD], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**find("cpython").environment, "MICROHTTPS_HOME": str(home), **environment})


def test_another_source_is_another_file(home, tmp_path, monkeypatch):
    path = glue()
    changed = tmp_path / "changed"
    shutil.copytree(building.SOURCE, changed)
    with open(changed / "glue.h", "a") as file:
        file.write("/* changed */\n")
    monkeypatch.setattr(building, "SOURCE", str(changed))
    assert glue() != path and len(os.listdir(home / "engines")) == 2


def test_another_library_is_another_file(home, tmp_path, monkeypatch):
    """What was compiled for one release would read the structures of another one wrongly."""
    path = glue()
    headers, library = building.find_library()
    prefix = tmp_path / "other"
    (prefix / "lib").mkdir(parents=True)
    (prefix / "include").symlink_to(headers)
    shutil.copy(library, prefix / "lib" / "libbearssl.so")
    monkeypatch.setenv("MICROHTTPS_BEARSSL", str(prefix))
    assert glue() != path
    assert load(home).communicate(timeout=120) == ("bearssl\n", "")
    with open(prefix / "lib" / "libbearssl.so", "wb") as file:
        file.write(b"no library")
    assert "compiler says" in refused()


def test_without_headers_it_is_said_what_to_install(home, tmp_path, monkeypatch):
    monkeypatch.setenv("MICROHTTPS_BEARSSL", str(tmp_path))
    assert str(tmp_path) in refused()
    for name in [name for name in sys.modules if name.startswith("microhttps.engines.bearssl.")]:
        if not name.endswith(".building"):
            monkeypatch.delitem(sys.modules, name)
    with pytest.raises(Unsupported) as caught:
        Server(engine="bearssl")
    assert "libbearssl-dev" in explain(caught.value)[2]


@pytest.mark.parametrize(("compiler", "said"), [("/nowhere/cc", "no C compiler"), ("false", "compiler says")])
def test_without_a_compiler_that_works_it_is_said_so_and_nothing_is_left(compiler, said, home, monkeypatch):
    monkeypatch.setenv("CC", compiler)
    assert said in refused()
    assert os.listdir(home / "engines") == []


def test_a_folder_that_others_may_write_to_is_not_used(home):
    path = glue()
    for mode in (0o777, 0o770):
        os.chmod(home / "engines", mode)
        assert "others may write" in refused()
    os.chmod(home / "engines", 0o700)
    assert glue() == path


def test_a_file_that_others_may_write_to_is_not_loaded(home):
    path = glue()
    os.chmod(path, 0o662)
    assert "others may write" in refused()


def test_a_link_is_not_followed(home, tmp_path):
    path = glue()
    shutil.move(path, tmp_path / "elsewhere.so")
    os.symlink(tmp_path / "elsewhere.so", path)
    assert "others may write" in refused()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_is_anothers_is_not_loaded(home):
    path = glue()
    os.chown(path, 65534, 65534)
    assert "others may write" in refused()
    os.chown(path, 0, 0)
    os.chown(home, 65534, 65534)
    assert "others may exchange" in refused()


def test_what_others_may_exchange_is_not_used(home, tmp_path):
    """Whoever can write into the folder above can put another one in its place."""
    glue()
    os.chmod(home, 0o777)
    assert "others may exchange" in refused()
    os.chmod(home, 0o1777)  # as /tmp: others may add, and not exchange what is ours
    check_folder(str(home / "engines"))
