"""Multipart bodies: what is refused, what other clients write, and that what is written is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pfemu.admin.http.multipart import UnreadableMultipart, is_multipart, read_multipart, write_multipart
from pfemu.admin.request import Part

FORM = "multipart/form-data; boundary=b"
BODY = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\none\r\n--b--\r\n'


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", BODY),
        ('multipart/form-data; boundary=""', BODY),
        ("multipart/form-data; boundary=c", BODY),
        (FORM, b""),
        (FORM, BODY.replace(b"--b--", b"")),
        (FORM, BODY.replace(b"\r\n\r\none", b"")),
        (FORM, BODY.replace(b"--b--", b"--b-")),
    ],
)
def test_what_keeps_to_no_boundary_is_refused(content_type, body):
    with pytest.raises(UnreadableMultipart):
        read_multipart(content_type, body)


@pytest.mark.parametrize(
    ("content_type", "is_one"),
    [(FORM, True), ("Multipart/Form-Data;boundary=x", True), ("multipart/mixed; boundary=b", False), ("text/plain", False), ("", False)],
)
def test_only_forms_have_parts(content_type, is_one):
    assert is_multipart(content_type) is is_one


@pytest.mark.parametrize(
    ("header", "name", "file_name"),
    [
        ('form-data; name="functionConfig" ', "functionConfig", None),
        ('form-data; name="data"; filename="f.py"', "data", "f.py"),
        ("form-data; name=data; filename=f.py", "data", "f.py"),
        ('form-data; filename="C:\\\\x\\"y.py"; name="data"', "data", 'C:\\x"y.py'),
        ('form-data; name="data"; filename="_.py"; filename*=UTF-8\'\'%C3%A9.py', "data", "é.py"),
        ('form-data; name="d\u00e4ta"; filename=""', "däta", ""),
    ],
)
def test_what_other_clients_write_is_understood(header, name, file_name):
    body = f"--b\r\nContent-Disposition: {header}\r\nContent-Type: Application/JSON; charset=utf-8\r\n\r\n{{}}\r\n--b--".encode()
    assert read_multipart(FORM, body) == {name: Part(b"{}", file_name, "application/json")}


def test_of_two_parts_with_one_name_the_first_counts_and_a_nameless_one_does_not():
    nameless = b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n"
    second = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\ntwo\r\n'
    assert read_multipart(FORM, nameless + BODY.replace(b"--b--", second + b"--b--")) == {"a": Part(b"one", None, "text/plain")}


def test_what_stands_around_the_parts_does_not_count_and_blanks_may_follow_a_boundary():
    assert read_multipart(FORM, b"preamble\r\n" + BODY.replace(b"--b\r\n", b"--b \t\r\n") + b"epilogue") == read_multipart(FORM, BODY)


def test_the_beginning_of_a_longer_text_is_no_boundary():
    content = b"x\r\n--bee\r\n--b\xff\r\n\r\n"
    body = BODY.replace(b"one", content)
    assert read_multipart(FORM, body)["a"].content == content


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=1),
        st.builds(
            Part, st.binary() | st.just(b"\r\n--pfemu-part--\r\n--pfemu-part\r\n"), st.none() | st.just("f.py"), st.just("text/plain")
        ),
        min_size=1,
    )
)
def test_what_is_written_is_read_again(parts):
    assert read_multipart(*write_multipart(parts)) == parts
