import subprocess
import sys

import pytest

import pfemu
from pfemu.cli.main import main


@pytest.fixture
def call(monkeypatch, capsys):
    def run_main(*arguments):
        monkeypatch.setattr(sys, "argv", ["pfemu", *arguments])
        code = main()
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_main


def test_the_version_is_told(call):
    assert call("--version") == (0, f"pfemu {pfemu.__version__} (as Apache Pulsar 4.0)\n", "")


def test_the_help_shows_how_to_begin(call):
    code, out, _ = call("--help")
    assert code == 0
    assert "cat lines.txt | pfemu run function.py" in out


def test_the_help_of_run_has_examples_exit_codes_and_every_flag(call):
    code, out, _ = call("run", "--help")
    assert code == 0
    for text in ("cat words.txt | pfemu run exclamation.py", "130 interrupted", "--processing-guarantees NAME", "-i, --inputs TOPICS"):
        assert text in out


def test_an_unknown_command_is_a_usage_error(call):
    code, out, err = call("rum")
    assert (code, out) == (2, "")
    assert "No such command 'rum'" in err


def test_the_package_can_be_run():
    finished = subprocess.run([sys.executable, "-m", "pfemu", "--version"], capture_output=True, text=True, check=True)
    assert finished.stdout.startswith("pfemu ")


def test_telling_help_loads_no_emulator_and_no_client():
    script = "import sys; sys.argv = ['pfemu', 'run', '--help']\nfrom pfemu.cli.main import main\nmain()\nprint(sorted(sys.modules))"
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = finished.stdout.rpartition("[")[2]
    for heavy in ("'pulsar'", "'pfemu.emulator'", "'rich'", "'redis'", "'yaml'", "'prompt_toolkit'"):
        assert heavy not in loaded


def test_an_interrupt_while_it_is_imported_is_no_traceback():
    script = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'pfemu.cli.run':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from pfemu.__main__ import main\n"
        "sys.exit(main())\n"
    )
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (130, "interrupted\n")
