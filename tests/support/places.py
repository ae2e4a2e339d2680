"""Says where every value of YAML documents stands, by the marks of PyYAML's parser.

    places.py LIST      LIST has lines of two paths, document and answer, parted by a tab

The answer has a line for each value: [pointer, line, column, line of its key, column of its key]. All count from 1,
columns in code points; 0 stands for no key. What an alias repeats stands where it was written first; what is not
written at all where its key is; a value with an anchor or a tag behind them; what `<<` merges where it was written.
"""

import bisect
import json
import re
import sys

import yaml

PROPERTIES = re.compile(r"(?:[&!]\S*|#[^\r\n]*|\s)*")


class Node:
    def __init__(self, place, kind, content):
        self.place, self.kind, self.content = place, kind, content


class Document:
    def __init__(self, text):
        self.text = text
        self.starts = [0] + [end.end() for end in re.finditer(r"\r\n|\r|\n", text)]
        self.events = yaml.parse(text, Loader=yaml.CSafeLoader)
        self.anchors = {}

    def place(self, event):
        """Line and column of what an event is about."""
        mark = event.start_mark
        if isinstance(event, yaml.AliasEvent) or (event.anchor is None and event.tag is None):
            return (mark.line + 1, mark.column + 1)
        at = PROPERTIES.match(self.text, self.starts[mark.line] + mark.column).end()
        line = bisect.bisect_right(self.starts, at)
        return (line, at - self.starts[line - 1] + 1)

    def node(self, event=None):
        event = event or next(self.events)
        if isinstance(event, yaml.AliasEvent):
            return self.anchors[event.anchor]
        if isinstance(event, yaml.ScalarEvent):
            empty = event.value == "" and event.style in (None, "")
            end = (event.end_mark.line + 1, event.end_mark.column + 1)
            node = Node(end if empty else self.place(event), "nothing" if empty else "scalar", event.value)
            node.plain = event.style in (None, "") and event.tag is None
        else:
            is_map = isinstance(event, yaml.MappingStartEvent)
            node = Node(self.place(event), "map" if is_map else "list", [])
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        if node.kind in ("map", "list"):
            while not isinstance(event := next(self.events), (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                child = self.node(event)
                if node.kind == "map":
                    child = (child, self.place(event), self.node())
                node.content.append(child)
        return node

    def root(self):
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                return self.node()


def members(node):
    """Of a map, what `<<` merges into it among them: name to place of key and value."""
    own, merged = {}, {}
    for key, where, value in node.content:
        if key.content == "<<" and key.plain:
            for source in value.content if value.kind == "list" else [value]:
                for name, member in members(source).items():
                    merged.setdefault(name, member)
        else:
            own[key.content] = (where, value)
    return {**merged, **own}


def rows(node, pointer, key, answer):
    answer.append([pointer, *(key if node.kind == "nothing" and key else node.place), *(key or (0, 0))])
    if node.kind == "map":
        for name, (where, value) in members(node).items():
            rows(value, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), where, answer)
    elif node.kind == "list":
        for index, item in enumerate(node.content):
            rows(item, f"{pointer}/{index}", None, answer)


sys.setrecursionlimit(10_000)
for line in open(sys.argv[1], encoding="utf-8"):
    source, target = line.rstrip("\n").split("\t")
    with open(source, encoding="utf-8-sig", newline="") as file:
        document = Document(file.read())
    answer = []
    rows(document.root(), "", None, answer)
    with open(target, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in answer)
