"""Gson's lenient reading of the JSON texts in the command's flags, token by token, with its complaints to the letter.

Lenient means: names and texts need no quotes or take single ones, ``=`` and ``=>`` stand for a colon, ``;`` for a comma, comments are
skipped, an item left out of a list is null. The path in a complaint leaves out the names of an outermost map, as Gson's own does.

Source: ``JsonReader`` of Gson 2.8.9.
"""

import re

_LITERAL = re.compile(r"[^/\\;#={}\[\]:, \t\f\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_KEYWORDS = {"true": "BOOLEAN", "false": "BOOLEAN", "null": "NULL"}
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", "\n": "\n", "'": "'", '"': '"', "\\": "\\", "/": "/"}
_PREFIX = ")]}'\n"
_LONG_LIMIT = 1 << 63


class GsonError(Exception):
    """Gson gives up. ``kind`` is the Java exception's full name, ``frames`` how many frames deeper than ``Gson.fromJson`` it is caught."""

    def __init__(self, kind: str, text: str, frames: int = 0) -> None:
        super().__init__(text)
        self.kind = kind
        self.text = text
        self.frames = frames


class GsonReader:
    """A cursor over a JSON text. ``peek`` names the next token as Gson does: ``BEGIN_OBJECT``, ``NAME``, ``STRING``, ``NUMBER``, ..."""

    def __init__(self, text: str) -> None:
        self._text = text.removeprefix("\ufeff")
        self._position = 0
        self._scopes = ["EMPTY_DOCUMENT"]
        self._names: list[str] = [""]
        self._indexes = [0]
        self._token = ""
        self._how = ""
        self._is_skipping = False

    def peek(self) -> str:
        """Return the kind of the next token."""
        if not self._token:
            self._how = ""
            self._token = self._next_token()
        return self._token

    def begin(self, kind: str) -> None:
        """Enter an array or an object: ``kind`` is ``BEGIN_ARRAY`` or ``BEGIN_OBJECT``."""
        if self.peek() != kind:
            raise self.expected(kind)
        self._scopes.append(kind.replace("BEGIN", "EMPTY"))
        self._names.append("")
        self._indexes.append(0)
        self._token = ""

    def has_next(self) -> bool:
        """Tell whether there is more in the array or object."""
        return self.peek() not in {"END_ARRAY", "END_OBJECT"}

    def end(self) -> None:
        """Leave the array or object that ends here."""
        self._scopes.pop()
        self._names.pop()
        self._indexes.pop()
        self._consumed()

    def next_name(self, *, in_path: bool = True) -> str:
        """Return the next entry's name, which a complaint's path shows unless it is an outermost map's."""
        self.peek()
        name = self._read_text()
        if in_path:
            self._names[-1] = name
        self._token = ""
        return name

    def next_text(self) -> str:
        """Return a text, or a number as it is written."""
        if self.peek() not in {"STRING", "NUMBER"}:
            raise self.expected("a string")
        text = self._read_text()
        self._consumed()
        return text

    def next_is_null(self) -> bool:
        """Tell whether null comes next, and go past it."""
        if self.peek() != "NULL":
            return False
        self._consumed()
        return True

    def next_keyword(self) -> bool | None:
        """Return the truth value or null that comes next."""
        value = {"true": True, "false": False}.get(self._how)
        self._consumed()
        return value

    def skip_value(self) -> None:
        """Leave out the value that comes next, whatever it is; a complaint's path does not count inside it."""
        depth = 0
        self._is_skipping = True
        while True:
            kind = self.peek()
            if kind.startswith("BEGIN"):
                self.begin(kind)
            elif kind.startswith("END"):
                self.end()
            elif kind == "NAME":
                self.next_name(in_path=False)
            elif kind in {"STRING", "NUMBER"}:
                self.next_text()
            else:
                self.next_keyword()
            depth += kind.startswith("BEGIN") - kind.startswith("END")
            if not depth and kind != "NAME":
                self._is_skipping = False
                self._names[-1] = "null"
                return

    def finish(self) -> None:
        """Refuse anything that follows the value."""
        self.peek()

    def expected(self, what: str) -> GsonError:
        """Return the complaint about the next token."""
        return GsonError("java.lang.IllegalStateException", f"Expected {what} but was {self.peek()}{self.location()}")

    def location(self) -> str:
        """Say where reading stands, as complaints end."""
        line = self._text.count("\n", 0, self._position)
        column = self._position - (self._text.rfind("\n", 0, self._position) + 1) + 1
        path = "".join(
            f"[{index}]" if "ARRAY" in scope else f".{name}"
            for scope, name, index in zip(self._scopes[1:], self._names[1:], self._indexes[1:], strict=True)
        )
        return f" at line {line + 1} column {column} path ${path}"

    def _malformed(self, words: str) -> GsonError:
        return GsonError("com.google.gson.stream.MalformedJsonException", words + self.location())

    def _consumed(self) -> None:
        self._token = ""
        self._indexes[-1] += not self._is_skipping

    def _next_token(self) -> str:
        scope = self._scopes[-1]
        if "ARRAY" in scope:
            self._scopes[-1] = "NONEMPTY_ARRAY"
            if scope == "NONEMPTY_ARRAY" and self._separator("]", "Unterminated array"):
                return "END_ARRAY"
        elif scope in {"EMPTY_OBJECT", "NONEMPTY_OBJECT"}:
            return self._name_token(scope)
        elif scope == "DANGLING_NAME":
            self._scopes[-1] = "NONEMPTY_OBJECT"
            self._colon()
        elif scope == "EMPTY_DOCUMENT":
            self._scopes[-1] = "NONEMPTY_DOCUMENT"
            self._skip_prefix()
        else:
            self._refuse_more()
            return "END_DOCUMENT"
        return self._value_token(scope)

    def _skip_prefix(self) -> None:
        self._next_visible()
        self._position -= 1
        if self._text.startswith(_PREFIX, self._position):
            self._position += len(_PREFIX)

    def _refuse_more(self) -> None:
        rest = self._text[self._position :]
        self._position = len(self._text) - len(rest.lstrip(" \t\r\n"))
        if self._position == len(self._text):
            return
        self._position += 1
        raise self._malformed("Use JsonReader.setLenient(true) to accept malformed JSON")

    def _separator(self, closing: str, complaint: str) -> bool:
        character = self._next_visible()
        if character not in {closing, ",", ";"}:
            raise self._malformed(complaint)
        return character == closing

    def _colon(self) -> None:
        character = self._next_visible()
        if character == "=" and self._text.startswith(">", self._position):
            self._position += 1
        elif character not in {":", "="}:
            raise self._malformed("Expected ':'")

    def _name_token(self, scope: str) -> str:
        self._scopes[-1] = "DANGLING_NAME"
        if scope == "NONEMPTY_OBJECT" and self._separator("}", "Unterminated object"):
            return "END_OBJECT"
        character = self._next_visible()
        if character in {'"', "'"}:
            self._how = character
            return "NAME"
        if character == "}" and scope == "EMPTY_OBJECT":
            return "END_OBJECT"
        if character != "}":
            self._position -= 1
        if character == "}" or not _is_literal(character):
            raise self._malformed("Expected name")
        return "NAME"

    def _value_token(self, scope: str) -> str:
        character = self._next_visible()
        if character == "]" and scope == "EMPTY_ARRAY":
            return "END_ARRAY"
        if character in {"]", ";", ","}:
            self._position -= 1
            if "ARRAY" not in scope:
                self._position += 1
                raise self._malformed("Unexpected value")
            return "NULL"
        if character in {'"', "'"}:
            self._how = character
            return "STRING"
        if character in {"[", "{"}:
            return "BEGIN_ARRAY" if character == "[" else "BEGIN_OBJECT"
        self._position -= 1
        return self._literal_token()

    def _literal_token(self) -> str:
        literal = self._literal()
        keyword = _KEYWORDS.get(literal.lower())
        if keyword:
            self._how = literal.lower()
            self._position += len(literal)
            return keyword
        if not literal:
            raise self._malformed("Expected value")
        if not _NUMBER.fullmatch(literal):
            return "STRING"
        if _is_long(literal):  # Gson moves on at once past a number that fits, but not past another
            self._how = literal
            self._position += len(literal)
        return "NUMBER"

    def _literal(self) -> str:
        match = _LITERAL.match(self._text, self._position)
        return match.group() if match else ""

    def _read_text(self) -> str:
        if self._how in {'"', "'"}:
            return self._quoted(self._how)
        if self._how:
            return self._how
        literal = self._literal()
        self._position += len(literal)
        return literal

    def _quoted(self, quote: str) -> str:
        read: list[str] = []
        while self._position < len(self._text):
            character = self._text[self._position]
            self._position += 1
            if character == quote:
                return "".join(read)
            read.append(self._escaped() if character == "\\" else character)
        raise self._malformed("Unterminated string")

    def _escaped(self) -> str:
        character = self._text[self._position : self._position + 1]
        self._position += len(character)
        if character == "u":
            return self._code()
        if not character:
            raise self._malformed("Unterminated escape sequence")
        if character not in _ESCAPES:
            raise self._malformed("Invalid escape sequence")
        return _ESCAPES[character]

    def _code(self) -> str:
        digits = self._text[self._position : self._position + 4]
        if len(digits) < 4:
            raise self._malformed("Unterminated escape sequence")
        if not re.fullmatch("[0-9a-fA-F]{4}", digits):
            raise GsonError("", f"java.lang.NumberFormatException: \\u{digits}")
        self._position += 4
        return chr(int(digits, 16))

    def _next_visible(self) -> str:
        if not self._skip_blanks():
            raise GsonError("java.io.EOFException", f"End of input{self.location()}")
        self._position += 1
        return self._text[self._position - 1]

    def _skip_blanks(self) -> bool:
        """Go past blanks and comments; tell whether something follows."""
        while self._position < len(self._text):
            rest = self._text[self._position : self._position + 2]
            if rest[0] in " \t\r\n":
                self._position += 1
            elif rest == "/*":
                self._skip_comment()
            elif rest == "//" or rest[0] == "#":
                end = self._text.find("\n", self._position)
                self._position = len(self._text) if end < 0 else end + 1
            else:
                return True
        return False

    def _skip_comment(self) -> None:
        end = self._text.find("*/", self._position + 2)
        if end < 0:
            self._position = max(len(self._text) - 1, self._position + 2)
            raise self._malformed("Unterminated comment")
        self._position = end + 2


def _is_literal(character: str) -> bool:
    return bool(_LITERAL.fullmatch(character))


def _is_long(literal: str) -> bool:
    if not re.fullmatch("-?[0-9]+", literal) or literal == "-0":
        return False
    return -_LONG_LIMIT <= int(literal) < _LONG_LIMIT
