// Says where every value of JSON documents stands, as jsonc-parser sees it.
//
//     node places.js PARSER LIST      LIST has lines of two paths, document and answer, parted by a tab
//
// The answer has a line for each value: [pointer, line, column, line of its key, column of its key], and then, for
// offsets spread over the document: [pointer of the innermost value around it, line, column]. Columns count code
// points; all count from 1, and 0 stands for no key.
const fs = require("fs");
const [parser, list] = process.argv.slice(2);
const { parseTree, findNodeAtOffset } = require(parser);

function placer(text) {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\r|\n/g)) starts.push(end.index + end[0].length);
  // UTF-16 units that are the second half of a code point, before each offset.
  const halves = new Uint32Array(text.length + 1);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    halves[at + 1] = halves[at] + (unit >= 0xdc00 && unit <= 0xdfff ? 1 : 0);
  }
  return (offset) => {
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle] <= offset) low = middle;
      else high = middle;
    }
    return [low + 1, offset - starts[low] - (halves[offset] - halves[starts[low]]) + 1];
  };
}

for (const line of fs.readFileSync(list, "utf8").trimEnd().split("\n")) {
  const [source, target] = line.split("\t");
  const text = fs.readFileSync(source, "utf8").replace(/^\uFEFF/, "");
  const errors = [];
  const root = parseTree(text, errors, { disallowComments: true });
  if (!root || errors.length) throw new Error(`${source}: ${JSON.stringify(errors)}`);
  const place = placer(text);
  const answer = [];
  const pointers = new Map();
  const visit = (node, pointer, key) => {
    pointers.set(node, pointer);
    answer.push([pointer, ...place(node.offset), ...(key ? place(key.offset) : [0, 0])]);
    for (const [index, child] of (node.children ?? []).entries()) {
      if (node.type === "array") {
        visit(child, `${pointer}/${index}`);
      } else {
        const [name, value] = child.children;
        const below = `${pointer}/${name.value.replace(/~/g, "~0").replace(/\//g, "~1")}`;
        pointers.set(child, below).set(name, below);
        visit(value, below, name);
      }
    }
  };
  visit(root, "");
  const step = Math.max(1, Math.floor(text.length / 400));
  for (let at = root.offset; at < root.offset + root.length; at += step) {
    const unit = text.charCodeAt(at);
    if ((unit < 0xdc00 || unit > 0xdfff) && unit !== 10 && unit !== 13) {
      answer.push([pointers.get(findNodeAtOffset(root, at)), ...place(at)]);
    }
  }
  fs.writeFileSync(target, answer.map((row) => JSON.stringify(row) + "\n").join(""));
}
