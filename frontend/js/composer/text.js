// The draft as plain words for the coach, with a way back from code points in it to places in the document.

const points = (text) => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

/** UTF-16 units that the first `count` code points of a text take. */
function units(text, count) {
  let at = 0;
  for (let i = 0; i < count && at < text.length; i += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

class Writer {
  constructor() {
    this.parts = [];
    this.length = 0;
    this.segments = [];
  }

  /** Words that stand in the document at `pos`; signs added for the reader have none. */
  write(text, pos = null) {
    const size = points(text);
    if (pos !== null && size) this.segments.push({ start: this.length, end: this.length + size, pos, text });
    this.parts.push(text);
    this.length += size;
  }
}

function inline(writer, block, pos, rest) {
  block.forEach((child, offset) => {
    if (child.isText) {
      const lines = child.text.split("\n");
      let at = pos + 1 + offset;
      lines.forEach((line, index) => {
        if (index) { writer.write(`\n${rest}`); at += 1; }
        writer.write(line, at);
        at += line.length;
      });
    } else if (child.type.name === "hard_break") writer.write(`\n${rest}`);
  });
}

function list(writer, node, pos, rest) {
  const first = node.attrs.order ?? 1;
  node.forEach((item, offset, index) => {
    if (index) writer.write(`\n${rest}`);
    const sign = node.type.name === "ordered_list" ? `${first + index}. ` : "- ";
    writer.write(sign);
    blocks(writer, item, pos + 1 + offset, rest + " ".repeat(sign.length), "\n");
  });
}

function blocks(writer, parent, pos, rest, gap) {
  const inner = parent.type.name === "doc" ? 0 : pos + 1;
  parent.forEach((node, offset, index) => {
    if (index) writer.write(gap === "\n" ? `\n${rest}` : `\n${rest.trimEnd()}\n${rest}`);
    const at = inner + offset;
    if (node.isTextblock) inline(writer, node, at, rest);
    else if (node.type.name.endsWith("_list")) list(writer, node, at, rest);
    else if (node.type.name === "blockquote") {
      writer.write("> ");
      blocks(writer, node, at, `${rest}> `, "\n\n");
    } else if (node.type.name === "horizontal_rule") writer.write("---");
    else if (node.childCount) blocks(writer, node, at, rest, gap);
  });
}

/** `{text, range(start, end)}`: `range` answers `{from, to}` in the document, or null where nothing of it stands. */
export function plainText(doc) {
  const writer = new Writer();
  blocks(writer, doc, 0, "", "\n\n");
  const range = (start, end) => {
    const first = writer.segments.find((segment) => segment.end > start);
    const last = writer.segments.findLast((segment) => segment.start < end);
    if (!first || !last || first.start >= end) return null;
    const from = first.pos + units(first.text, Math.max(start - first.start, 0));
    const to = last.pos + units(last.text, Math.min(end, last.end) - last.start);
    return from < to ? { from, to } : null;
  };
  return { text: writer.parts.join(""), range };
}
