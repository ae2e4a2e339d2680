"""Writes JSON documents as YAML 1.2 in many styles: block and flow, every sort of scalar, anchors for what repeats.

    to_yaml.py LIST COUNTS      LIST has lines of two paths, from and to, parted by a tab

The emitter is PyYAML's. It means YAML 1.1, so that what either version takes for another type than a string is quoted;
numbers are written as they stand in the JSON. Each text is read back by PyYAML's own parser before it is kept.
COUNTS receives how often each form was written, as JSON.
"""

import collections
import json
import re
import sys
import zlib

import yaml

STR = "tag:yaml.org,2002:str"


class Dumper(yaml.CSafeDumper):
    pass


# What YAML 1.2 takes for numbers and YAML 1.1 for strings: quoted where it is a string.
for tag, pattern in [
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$"),
    ("int", r"^0o[0-7]+$|^0x[0-9a-fA-F]+$"),
]:
    Dumper.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list("-+.0123456789"))


class Number(str):
    """A number as it stands in the JSON."""

    __repr__ = str.__str__


class Writer:
    """Makes one document's nodes. The choices hang on the content alone, so that they are the same in every run."""

    def __init__(self, dumper, salt, counts):
        self.dumper, self.salt, self.counts, self.seen = dumper, salt, counts, {}

    def dice(self, text, sides):
        return zlib.crc32(f"{self.salt} {text}".encode("utf-8", "surrogatepass")) % sides

    def node(self, value):
        if isinstance(value, dict):
            text = repr(value)
            return self.once("alias of a map", text, len(value) > 1, lambda: self.mapping(value, text))
        if isinstance(value, list):
            text = repr(value)
            return self.once("alias of a list", text, len(value) > 1, lambda: self.sequence(value, text))
        if isinstance(value, Number):
            return self.plain(str(value))
        if isinstance(value, str):
            repeats = len(value) > 20 and self.dice(value, 2) == 0
            return self.once("alias of a string", repr(value), repeats, lambda: self.string(value))
        return self.plain({None: "null", True: "true", False: "false"}[value])

    def once(self, what, text, repeats, make):
        """One node for equal values, which the emitter writes as an anchor and aliases."""
        if not repeats:
            return make()
        if text in self.seen:
            self.counts[what] += 1
        else:
            self.seen[text] = make()
        return self.seen[text]

    def flow(self, text, what):
        flow = len(text) < 40 or len(text) < 4000 and self.dice(text, 5) == 0
        self.counts[f"{'flow' if flow else 'block'} {what}"] += 1
        return flow

    def mapping(self, value, text):
        members = [(self.key(key), self.node(member)) for key, member in value.items()]
        return yaml.MappingNode("tag:yaml.org,2002:map", members, flow_style=self.flow(text, "map"))

    def sequence(self, value, text):
        items = [self.node(item) for item in value]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items, flow_style=self.flow(text, "list"))

    def key(self, text):
        repeats = len(text) > 6 and self.dice(text, 40) == 0
        return self.once("alias of a key", "key " + text, repeats, lambda: yaml.ScalarNode(STR, text))

    def plain(self, text):
        tag = self.dumper.resolve(yaml.ScalarNode, text, (True, False))
        assert tag != STR, text
        return yaml.ScalarNode(tag, text)

    def string(self, text):
        if "\n" not in text:
            style = [None, None, "'", '"'][self.dice(text, 4)]
        else:
            # The emitter folds lines that begin with a blank, where YAML keeps the breaks: such texts are not folded.
            folds = not re.search(r"(^|\n)[ \t]", text)
            style = ["|", ">" if folds else "|", '"', "'", None][self.dice(text, 5)]
        self.counts[f"string asked as {style or 'plain'}"] += 1
        return yaml.ScalarNode(STR, text, style=style)


def data(value):
    """As `words` gives it."""
    if isinstance(value, dict):
        return {key: data(member) for key, member in value.items()}
    if isinstance(value, list):
        return [data(item) for item in value]
    return {None: "null", True: "true", False: "false"}[value] if not isinstance(value, str) else str(value)


def words(node, done):
    """A composed node with every scalar as its text."""
    if id(node) not in done:
        if isinstance(node, yaml.MappingNode):
            done[id(node)] = {key.value: words(member, done) for key, member in node.value}
        elif isinstance(node, yaml.SequenceNode):
            done[id(node)] = [words(item, done) for item in node.value]
        else:
            done[id(node)] = node.value
    return done[id(node)]


def main(listed, counts_to):
    counts = collections.Counter()
    for index, line in enumerate(open(listed, encoding="utf-8")):
        source, target = line.rstrip("\n").split("\t")
        with open(source, encoding="utf-8-sig") as file:
            value = json.load(file, parse_float=Number, parse_int=Number)
        with open(target, "w", encoding="utf-8", newline="") as file:
            dumper = Dumper(
                file,
                allow_unicode=index % 2 == 0,
                width=[80, 40, 100000][index % 3],
                indent=[2, 4][index % 5 == 4],
                line_break=["\n", "\r\n", "\n", "\n"][index % 4],
            )
            dumper.open()
            dumper.serialize(Writer(dumper, index, counts).node(value))
            dumper.close()
            dumper.dispose()
        with open(target, encoding="utf-8", newline="") as file:
            again = words(yaml.compose(file.read(), Loader=yaml.CSafeLoader), {})
        assert again == data(value), f"{source}: the emitter wrote something else"
    with open(counts_to, "w", encoding="utf-8") as file:
        json.dump(counts, file)


main(*sys.argv[1:])
