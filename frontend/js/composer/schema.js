// The document a reply may be, and its way from and to Markdown.
import { MarkdownParser, MarkdownSerializer, defaultMarkdownParser, defaultMarkdownSerializer, schema as standard } from "prosemirror-markdown";
import { Schema } from "prosemirror-model";

function tightByDefault(nodes, name) {
  const spec = nodes.get(name);
  return nodes.update(name, { ...spec, attrs: { ...spec.attrs, tight: { default: true } } });
}

export const schema = new Schema({
  nodes: tightByDefault(tightByDefault(standard.spec.nodes, "bullet_list"), "ordered_list"),
  marks: standard.spec.marks,
});

const parser = new MarkdownParser(schema, defaultMarkdownParser.tokenizer, defaultMarkdownParser.tokens);

const serializer = new MarkdownSerializer({
  ...defaultMarkdownSerializer.nodes,
  bullet_list: (state, node) => state.renderList(node, "  ", () => "- "),
}, defaultMarkdownSerializer.marks);

export function fromMarkdown(markdown) {
  return parser.parse(markdown || "") ?? schema.node("doc", null, [schema.node("paragraph")]);
}

export function toMarkdown(doc) {
  return serializer.serialize(doc);
}
