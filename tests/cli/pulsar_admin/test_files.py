"""Code, configurations and other files that go with a command."""

import json

from pfemu.admin.answer import Answer
from tests.cli.pulsar_admin.asking import F, run


def test_create_sends_the_configuration_and_the_code(tmp_path):
    (tmp_path / "function.py").write_text("code", encoding="utf-8")
    arguments = [
        "--py",
        str(tmp_path / "function.py"),
        "--classname",
        "function.F",
        "-i",
        "a,b",
        "--auto-ack",
        "false",
        "--retain-ordering",
    ]
    outcome, (request,) = run("create", *F, *arguments)
    config = json.loads(request.parts["functionConfig"].content)
    assert list(outcome.stdout) == ["Created successfully"]
    assert (config["inputs"], config["autoAck"], config["retainOrdering"]) == (["a", "b"], False, True)
    assert (request.parts["data"].content, request.parts["data"].file_name) == (b"code", "function.py")


def test_code_at_an_address_is_sent_as_the_address():
    _, (request,) = run("update", *F, "--py", "http://host/function.py", "--classname", "function.F", "--update-auth-data")
    assert request.parts["url"].text == "http://host/function.py"
    assert json.loads(request.parts["updateOptions"].content) == {"updateAuthData": True}


def test_a_file_is_read_before_the_flags_count(tmp_path):
    (tmp_path / "f.yaml").write_text("name: g\nparallelism: 3\n", encoding="utf-8")
    _, (request,) = run("update", "--function-config-file", str(tmp_path / "f.yaml"), "--parallelism", "2")
    assert (request.path, json.loads(request.parts["functionConfig"].content)["parallelism"]) == ("/admin/v3/functions/public/default/g", 2)


def test_a_download_makes_the_folders_above_its_file_and_is_refused_a_folder(tmp_path):
    outcome, requests = run("download", *F, "--destination-file", str(tmp_path))
    assert (list(outcome.stderr)[2], requests) == (f"Reason: java.io.FileNotFoundException: {tmp_path} (Is a directory)", [])
    run("download", *F, "--destination-file", str(tmp_path / "a" / "b" / "f"), answer=Answer(200, b"x"))
    assert (tmp_path / "a" / "b" / "f").read_bytes() == b"x"


def test_files_are_uploaded_and_downloaded(tmp_path):
    source, destination = tmp_path / "code.py", tmp_path / "again.py"
    source.write_bytes(b"code")
    outcome, [request] = run("upload", "--source-file", str(source), "--path", "a/b")
    assert (outcome.stdout, request.path) == (["Uploaded successfully"], "/admin/v3/functions/upload")
    assert (request.parts["path"].text, request.parts["data"].content, request.parts["data"].file_name) == ("a/b", b"code", "code.py")
    outcome, [request] = run("download", "--destination-file", str(destination), "--path", "a/b", answer=Answer(200, b"again"))
    assert (outcome.stdout, request.path, request.query) == (["Downloaded successfully"], "/admin/v3/functions/download", {"path": "a/b"})
    assert destination.read_bytes() == b"again"
    _, [request] = run("download", *F, "--destination-file", str(destination), "--transform-function", answer=Answer(200, b""))
    assert (request.path, request.query) == ("/admin/v3/functions/public/ns/f/download", {"transform-function": "true"})
