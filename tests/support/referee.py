"""Says which values a schema takes: the judge of the proofs, who shares no line with the program under test.

    referee.py          speaks JSON lines: a line of a question, a line of its answer, until its input ends

    {"open": NAME, "path": FILE}                        a document, JSON or YAML, as its publisher wrote it
    {"ask": [{"schema": S, "instances": [...]}, ...]}   a bare schema of 2020-12
    {"ask": [{"at": [NAME, POINTER, WAY], "instances": [...], "formats": WHICH}, ...]}
                                                        the schema at a place of a document; WAY is "request" (without
                                                        what is readOnly), "response" (without what is writeOnly) or null;
                                                        WHICH formats refuse: "all", "ranges" (int32 and int64) or null
    {"bundle": [NAME, POINTER, WAY]}                    that schema with all it refers to, as one schema of 2020-12

An answer is true, false, or null where the schema cannot be asked (a reference that leads nowhere). OpenAPI 2.0 and 3.0
are translated here: `nullable`, boolean exclusive bounds, `$ref` without siblings, parameters and forms. Numbers are
exact. Patterns are ECMA 262 as far as Python's `re` can be made to read them.
"""

import base64
import binascii
import datetime
import ipaddress
import json
import re
import sys
import unicodedata
import urllib.parse
import uuid
from decimal import Decimal, Context, setcontext
from fractions import Fraction
from functools import lru_cache

import yaml
from jsonschema import Draft202012Validator, FormatChecker, validators
from referencing.exceptions import Unresolvable

sys.setrecursionlimit(2_500)
setcontext(Context(prec=400))

# --- patterns -------------------------------------------------------------------------------------------------------

SPACES = "\\t\\n\\x0b\\x0c\\r \\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"
CLASSES = {"d": "0-9", "w": "a-zA-Z0-9_", "s": SPACES}


@lru_cache(maxsize=None)
def property_class(name):
    """The members of `\\p{name}` as the inside of a class."""
    name = name.split("=")[-1]
    long = {"Letter": "L", "Alphabetic": "L", "Number": "N", "digit": "Nd", "Punctuation": "P", "Uppercase_Letter": "Lu"}
    name = long.get(name, name)
    if not re.fullmatch("[CLMNPSZ][a-z]?", name):
        raise re.error(f"unknown property {name}")
    ranges, start = [], None
    for code in range(0x110001):
        inside = code < 0x110000 and unicodedata.category(chr(code)).startswith(name)
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append(f"\\U{start:08x}-\\U{code - 1:08x}")
            start = None
    return "".join(ranges)


@lru_cache(maxsize=None)
def pattern(text):
    """An ECMA 262 pattern as one of Python."""
    out, inside, at = [], False, 0
    while at < len(text):
        char, rest = text[at], text[at + 1 :]
        step = 1
        if char == "\\" and rest:
            letter = rest[0]
            step = 2
            braces = re.match(r"\{([^}]*)\}", rest[1:])
            if letter in CLASSES:
                out.append(CLASSES[letter] if inside else f"[{CLASSES[letter]}]")
            elif letter.lower() in CLASSES and not inside:
                out.append(f"[^{CLASSES[letter.lower()]}]")
            elif letter in "pP" and braces:
                members = property_class(braces[1])
                step = 2 + braces.end()
                out.append(members if inside and letter == "p" else f"[{'^' * (letter == 'P')}{members}]")
            elif letter == "u" and braces:
                out.append(f"\\U{int(braces[1], 16):08x}")
                step = 2 + braces.end()
            elif letter == "c" and len(rest) > 1:
                out.append(re.escape(chr(ord(rest[1]) % 32)))
                step = 3
            elif letter == "b" and not inside:
                out.append(r"(?:(?<=[a-zA-Z0-9_])(?![a-zA-Z0-9_])|(?<![a-zA-Z0-9_])(?=[a-zA-Z0-9_]))")
            elif letter in "BAZz" and not inside:
                out.append(letter if letter != "B" else r"\B")
            elif letter in "nrtfvbxu0123456789DWS":
                out.append("\\" + letter if letter != "0" else "\\x00")
            else:
                out.append(re.escape(letter))
        elif inside:
            inside = char != "]"
            out.append("\\[" if char == "[" else re.sub("[&~|]", r"\\\g<0>", char))
        elif char == "[":
            inside = True
            out.append("[")
            if rest.startswith("^"):
                out.append("^")
                step = 2
        elif char == "$":
            out.append(r"\Z")
        elif char == ".":
            out.append(r"[^\n\r\u2028\u2029]")
        elif char == "(" and re.match(r"\?<[^=!]", rest):
            out.append("(?P<")
            step = 3
        else:
            out.append(char)
        at += step
    return re.compile("".join(out))


def matches(validator, wanted, instance, schema):
    if isinstance(instance, str) and not pattern(wanted).search(instance):
        yield refusal(f"does not match {wanted!r}")


def pattern_properties(validator, members, instance, schema):
    if isinstance(instance, dict):
        for wanted, subschema in members.items():
            expression = pattern(wanted)
            for name, value in instance.items():
                if expression.search(name):
                    yield from validator.descend(value, subschema, path=name, schema_path=wanted)


def additional_properties(validator, rest, instance, schema):
    if isinstance(instance, dict):
        declared, expressions = schema.get("properties", {}), [pattern(p) for p in schema.get("patternProperties", {})]
        for name, value in instance.items():
            if name not in declared and not any(each.search(name) for each in expressions):
                yield from validator.descend(value, rest, path=name)


# --- numbers --------------------------------------------------------------------------------------------------------


def refusal(text):
    from jsonschema.exceptions import ValidationError

    return ValidationError(text)


def is_number(value):
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


class Types:
    """Which values are of a type; `1.0` is an integer."""

    TYPES = {
        "null": lambda value: value is None,
        "boolean": lambda value: isinstance(value, bool),
        "integer": lambda value: is_number(value) and (isinstance(value, int) or value == value.to_integral_value()),
        "number": is_number,
        "string": lambda value: isinstance(value, str),
        "array": lambda value: isinstance(value, list),
        "object": lambda value: isinstance(value, dict),
    }

    def is_type(self, value, name):
        return self.TYPES[name](value)


def multiple_of(validator, step, instance, schema):
    if is_number(instance) and Fraction(instance) % Fraction(step):
        yield refusal(f"is no multiple of {step}")


Judge = validators.extend(
    Draft202012Validator,
    {
        "multipleOf": multiple_of,
        "pattern": matches,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
    },
)
Judge.TYPE_CHECKER = Types()



class Overrun(ValueError):
    """A schema that asks for itself without end."""


class Steps:
    """Parts of schemas that one answer has asked."""

    taken, most = 0, 5_000


def evolve(self, schema=None, _resolver=None):
    """The same for a part of the schema, without looking for the dialect again."""
    Steps.taken += 1
    if Steps.taken > Steps.most:
        raise Overrun
    return Judge(
        self.schema if schema is None else schema,
        format_checker=self.format_checker,
        _resolver=self._resolver if _resolver is None else _resolver,
    )


Judge.evolve = evolve


class Alone:
    """Resolves the references of a schema that has no other names than places in itself."""

    def __init__(self, root):
        self.root = root

    def in_subresource(self, _):
        return self

    def lookup(self, reference):
        node = self.root
        for token in reference[1:].split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            node = node[int(token)] if isinstance(node, list) else node[token]
        return Place(node, self)


def named(schema):
    """Whether a schema has names of its own, which only `referencing` knows."""
    if isinstance(schema, dict):
        reference = schema.get("$ref", "#")
        if isinstance(reference, str) and (reference[:1] != "#" or "%" in reference or reference[1:2] not in ("", "/")):
            return True
        return any(str(key).startswith("$") and key not in ("$defs", "$ref", "$schema") for key in schema) or any(
            named(part) for part in schema.values()
        )
    return isinstance(schema, list) and any(named(part) for part in schema)

# --- formats --------------------------------------------------------------------------------------------------------

FORMATS = FormatChecker(formats=[])


def known(name, kind=str):
    def register(check):
        FORMATS.checks(name, raises=(ValueError, binascii.Error))(
            lambda value: not isinstance(value, kind) or isinstance(value, bool) or check(value)
        )
        return check

    return register


TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([zZ]|[+-]([01]\d|2[0-3]):[0-5]\d)"


def is_date(text):
    return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(datetime.date.fromisoformat(text))


known("date")(is_date)
known("time")(lambda text: re.fullmatch(TIME, text, re.ASCII))
known("date-time")(
    lambda text: len(text) > 11 and text[10] in "tT" and is_date(text[:10]) and re.fullmatch(TIME, text[11:], re.ASCII)
)
known("duration")(
    lambda text: re.fullmatch(
        r"P(?!$)(\d+W|(\d+Y(\d+M(\d+D)?)?|\d+M(\d+D)?|\d+D)?(T(?=\d)(\d+H(\d+M(\d+S)?)?|\d+M(\d+S)?|\d+S))?)",
        text,
        re.ASCII,
    )
)
known("uuid")(lambda text: re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text) and uuid.UUID(text))
known("ipv4")(lambda text: re.fullmatch(r"[0-9.]+", text) and ipaddress.IPv4Address(text))
known("ipv6")(lambda text: "%" not in text and ipaddress.IPv6Address(text))
known("email")(lambda text: re.fullmatch(r"[^@\s]+@[^@\s]+", text))
known("hostname")(
    lambda text: len(text) < 254
    and re.fullmatch(r"(?!-)[a-zA-Z0-9-]{1,63}(?<!-)(\.(?!-)[a-zA-Z0-9-]{1,63}(?<!-))*", text)
)
known("uri")(lambda text: re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]*", text))
known("byte")(lambda text: base64.b64decode(text, validate=True) is not None)
known("int32", (int, Decimal))(lambda number: -(2**31) <= number < 2**31)
known("int64", (int, Decimal))(lambda number: -(2**63) <= number < 2**63)

RANGES = FormatChecker(formats=[])
RANGES.checkers = {name: FORMATS.checkers[name] for name in ("int32", "int64")}
CHECKERS = {"all": FORMATS, "ranges": RANGES, None: None}

# --- documents ------------------------------------------------------------------------------------------------------


CORE = [
    (r"(~|null|Null|NULL|)", lambda text: None),
    (r"(true|True|TRUE)", lambda text: True),
    (r"(false|False|FALSE)", lambda text: False),
    (r"[-+]?[0-9]+", int),
    (r"0o[0-7]+|0x[0-9a-fA-F]+", lambda text: int(text, 0)),
    (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", Decimal),
]


class Yaml:
    """YAML 1.2, core schema, from the parser's events: its composer refuses anchors that are defined again."""

    def __init__(self, source):
        self.events, self.anchors = yaml.parse(source, Loader=yaml.CSafeLoader), {}

    def root(self):
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self.value(next(self.events))

    def value(self, event):
        if isinstance(event, yaml.AliasEvent):
            return self.anchors[event.anchor]
        if isinstance(event, yaml.ScalarEvent):
            value = self.scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(event_inside := next(self.events), yaml.SequenceEndEvent):
                value.append(self.value(event_inside))
        else:
            value, merged = {}, []
            while not isinstance(key := next(self.events), yaml.MappingEndEvent):
                member = self.value(next(self.events))
                if key.value == "<<" and key.style in (None, ""):
                    merged += member if isinstance(member, list) else [member]
                else:
                    value[key.value] = member
            for source in merged:
                value = {**source, **value}
        if event.anchor is not None:
            self.anchors[event.anchor] = value
        return value

    @staticmethod
    def scalar(event):
        if event.style in (None, "") and event.tag is None:
            for expression, make in CORE:
                if re.fullmatch(expression, event.value):
                    return make(event.value)
        return event.value


SCHEMAS = ("items", "additionalProperties", "not")
LISTS = ("allOf", "anyOf", "oneOf")
MODERN_SCHEMAS = ("propertyNames", "contains", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties")
MODERN_MAPS = ("patternProperties", "dependentSchemas", "$defs")
PLAIN = (
    "type enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern format maxItems "
    "minItems uniqueItems maxProperties minProperties required"
).split()
# What speaks of the same value as the schema that holds it, so that a member left out is left out there too.
IN_PLACE = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")


class Place:
    """A schema of a document on its way, with the members that do not travel."""

    def __init__(self, contents, resolver):
        self.contents, self.resolver = contents, resolver


class Document:
    def __init__(self, path):
        with open(path, encoding="utf-8-sig") as file:
            source = file.read()
        if source.lstrip()[:1] == "{":
            self.root = json.loads(source, parse_float=Decimal)
        else:
            self.root = Yaml(source).root()
        version = str(self.root.get("openapi", self.root.get("swagger")))
        self.dialect = 20 if version.startswith("2") else 30 if version.startswith("3.0") else 31
        self.views = {way: View(self, way) for way in (None, "request", "response")}

    def find(self, pointer):
        node = self.root
        for token in pointer.split("/")[1:]:
            token = token.replace("~1", "/").replace("~0", "~")
            node = node[int(token)] if isinstance(node, list) else node[token]
        return node

    def follow(self, reference):
        """Where a `$ref` leads: pointer and node."""
        if not reference.startswith("#"):
            raise KeyError(reference)
        pointer = urllib.parse.unquote(reference[1:])
        return pointer, self.find(pointer)


class View:
    """The schemas of a document in the terms of 2020-12, as they travel one way. It is the resolver of its validators."""

    def __init__(self, document, way):
        self.document, self.way, self.done = document, way, {}
        self.left_out = {"request": "readOnly", "response": "writeOnly"}.get(way)

    # What `jsonschema` asks of a resolver.
    def in_subresource(self, _):
        return self

    def lookup(self, key):
        return Place(self.schema(*json.loads(key)), self)

    def schema(self, pointer, absent=()):
        """The translated schema at a place. A reference in it is the key of a place, for `lookup`."""
        key = (pointer, tuple(absent))
        if key not in self.done:
            self.done[key] = self.translated(self.described(pointer), frozenset(absent))
        return self.done[key]

    def described(self, pointer):
        """The schema at a place; 2.0: that of a parameter, and of all fields of a form."""
        node = self.document.find(pointer)
        if self.document.dialect != 20 or not isinstance(node, dict) or "in" not in node:
            return node
        if node["in"] == "body":
            return node.get("schema", True)
        if node["in"] != "formData" or not re.search(r"/parameters/\d+$", pointer):
            return self.parameter(node)
        beside, fields = pointer.rsplit("/", 1)[0], {}
        for parameters in (beside.rsplit("/", 2)[0] + "/parameters", beside):
            try:
                listed = self.document.find(parameters)
            except (KeyError, IndexError, TypeError, ValueError):
                continue
            for each in listed if isinstance(listed, list) else []:
                each = self.document.follow(each["$ref"])[1] if "$ref" in each else each
                if each.get("in") == "formData":
                    fields[each["name"]] = each
        required = [name for name, each in fields.items() if each.get("required")]
        return {
            "type": "object",
            "properties": {name: self.parameter(each) for name, each in fields.items()},
            "required": required,
        }

    @staticmethod
    def parameter(node):
        return {key: value for key, value in node.items() if key not in ("required", "name", "in")}

    def absent(self, node, seen=()):
        """The members that do not travel, of all that holds together at a schema."""
        names = set()
        if isinstance(node, dict) and id(node) not in seen and self.left_out:
            seen = (*seen, id(node))
            reference = node.get("$ref")
            if isinstance(reference, str):
                names |= self.absent(self.target(reference), seen)
                if self.document.dialect < 31:
                    return names
            properties = node.get("properties")
            for name, member in properties.items() if isinstance(properties, dict) else ():
                if self.stays(member):
                    names.add(name)
            for part in node.get("allOf") or ():
                names |= self.absent(part, seen)
        return names

    def stays(self, node, seen=()):
        if not isinstance(node, dict) or id(node) in seen:
            return False
        seen = (*seen, id(node))
        if isinstance(node.get("$ref"), str):
            if self.stays(self.target(node["$ref"]), seen):
                return True
            if self.document.dialect < 31:
                return False
        return node.get(self.left_out) is True or any(self.stays(part, seen) for part in node.get("allOf") or ())

    def target(self, reference):
        try:
            return self.document.follow(reference)[1]
        except (KeyError, IndexError, TypeError, ValueError):
            return None

    def translated(self, node, absent=frozenset()):
        if not isinstance(node, dict):
            return node if isinstance(node, bool) else True
        dialect = self.document.dialect
        absent = frozenset(absent) | self.absent(node)
        reference = {}
        if isinstance(node.get("$ref"), str):
            pointer = self.document.follow(node["$ref"])[0]
            reference = {"$ref": json.dumps([pointer, sorted(absent)])}
            if dialect < 31:
                return reference
        out = {**reference, **{key: node[key] for key in PLAIN if key in node}}
        if not isinstance(out.get("required", []), list):
            del out["required"]
        if "required" in out:
            out["required"] = [name for name in out["required"] if name not in absent]
        for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if isinstance(out.get(exclusive), bool):
                if out.pop(exclusive) and bound in out and dialect < 31:
                    out[exclusive] = out.pop(bound)
        nullable = node.get({20: "x-nullable", 30: "nullable"}.get(dialect, ""))
        if out.get("type") == "file":
            out["type"] = "string"
        if nullable is True and isinstance(out.get("type"), str):
            out["type"] = [out["type"], "null"]
        maps = ("properties", *(MODERN_MAPS if dialect == 31 else ()))
        lists = {20: ("allOf",), 30: LISTS}.get(dialect, (*LISTS, "prefixItems"))
        singles = {20: SCHEMAS[:2], 30: SCHEMAS}.get(dialect, (*SCHEMAS, *MODERN_SCHEMAS))
        for key in singles:
            if isinstance(node.get(key), (dict, bool)):
                out[key] = self.translated(node[key], absent if key in IN_PLACE else ())
        for key in lists:
            if isinstance(node.get(key), list):
                out[key] = [self.translated(part, absent if key in IN_PLACE else ()) for part in node[key]]
        for key in maps:
            if isinstance(node.get(key), dict):
                out[key] = {
                    name: self.translated(part, absent if key == "dependentSchemas" else ())
                    for name, part in node[key].items()
                    if key != "properties" or name not in absent
                }
        if dialect == 31:
            for key in ("const", "minContains", "maxContains", "dependentRequired"):
                if key in node:
                    out[key] = node[key]
        return out

    def bundle(self, pointer):
        """The schema with all it refers to as one."""
        numbers, waiting = {}, []

        def local(node):
            if isinstance(node, dict):
                node = {key: value if key in ("enum", "const") else local(value) for key, value in node.items()}
                if isinstance(node.get("$ref"), str):
                    key = node["$ref"]
                    if key not in numbers:
                        numbers[key] = len(numbers)
                        waiting.append(key)
                    node["$ref"] = f"#/$defs/{numbers[key]}"
                return node
            return [local(item) for item in node] if isinstance(node, list) else node

        whole = local(self.schema(pointer))
        if isinstance(whole, bool):
            return whole
        definitions = {}
        while waiting:
            key = waiting.pop()
            definitions[str(numbers[key])] = local(self.lookup(key).contents)
            if len(definitions) > 3_000:
                raise KeyError("too much")
        return {**whole, "$defs": definitions} if definitions else whole


# --- questions ------------------------------------------------------------------------------------------------------

DOCUMENTS = {}
MOST_OVERRUNS = 20
FAULTS = (Unresolvable, RecursionError, KeyError, IndexError, TypeError, ValueError, re.error, ArithmeticError)


@lru_cache(maxsize=4_000)
def at(name, pointer, way, formats):
    view = DOCUMENTS[name].views[way]
    return Judge(view.schema(pointer), _resolver=view, format_checker=CHECKERS[formats])


def judge(question):
    formats = question.get("formats")
    try:
        if "at" in question:
            validator = at(*question["at"], formats)
        else:
            schema = question["schema"]
            alone = None if named(schema) else Alone(schema)
            validator = Judge(schema, format_checker=CHECKERS[formats], _resolver=alone)
    except FAULTS:
        return [None] * len(question["instances"])
    answers, overruns = [], 0
    for instance in question["instances"]:
        Steps.taken = 0
        try:
            answers.append(validator.is_valid(instance))
        except (Overrun, RecursionError):
            # A deep value asks much; a schema that asks for itself without end does with every value.
            answers.append(None)
            overruns += 1
            if overruns > MOST_OVERRUNS:
                return answers + [None] * (len(question["instances"]) - len(answers))
        except FAULTS as fault:
            if question.get("loud"):
                print(repr(fault), file=sys.stderr)
            answers.append(None)
    return answers


def plain(value):
    """Decimals as the numbers that `json` can write."""
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 10**18 else float(value)
    return value


def answer(question):
    if "open" in question:
        DOCUMENTS[question["open"]] = Document(question["path"])
        at.cache_clear()
        return True
    if "close" in question:
        DOCUMENTS.pop(question["close"], None)
        at.cache_clear()
        return True
    if "bundle" in question:
        name, pointer, way = question["bundle"]
        try:
            return plain(DOCUMENTS[name].views[way].bundle(pointer))
        except FAULTS:
            return None
    return [judge(each) for each in question["ask"]]


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line, parse_float=Decimal))), flush=True)
