// The editor's commands: as buttons and as keys.
import { baseKeymap, chainCommands, exitCode, toggleMark, wrapIn, lift } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { InputRule, inputRules, wrappingInputRule } from "prosemirror-inputrules";
import { liftListItem, sinkListItem, splitListItem, wrapInList } from "prosemirror-schema-list";
import { icon, make } from "../make.js";
import { say } from "../words.js";
import { schema } from "./schema.js";

const { strong, em } = schema.marks;
const { bullet_list: bullets, ordered_list: numbers, blockquote, list_item: item, hard_break: lineBreak } = schema.nodes;

function inside(state, type) {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type === type) return true;
  return false;
}

const toggleList = (type) => (state, dispatch) => (inside(state, type) ? liftListItem(item)(state, dispatch) : wrapInList(type)(state, dispatch));
const toggleQuote = (state, dispatch) => (inside(state, blockquote) ? lift(state, dispatch) : wrapIn(blockquote)(state, dispatch));

function hasMark(state, type) {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks || $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

const breakLine = chainCommands(exitCode, (state, dispatch) => {
  dispatch?.(state.tr.replaceSelectionWith(lineBreak.create()).scrollIntoView());
  return true;
});

export const keys = {
  ...baseKeymap,
  "Mod-b": toggleMark(strong),
  "Mod-i": toggleMark(em),
  "Mod-z": undo,
  "Mod-y": redo,
  "Shift-Mod-z": redo,
  "Shift-Mod-8": toggleList(bullets),
  "Shift-Mod-7": toggleList(numbers),
  "Shift-Mod-9": toggleQuote,
  "Shift-Enter": breakLine,
  "Mod-]": sinkListItem(item),
  "Mod-[": liftListItem(item),
  Enter: chainCommands(splitListItem(item), baseKeymap.Enter),
};

export const rules = inputRules({
  rules: [
    wrappingInputRule(/^\s*>\s$/, blockquote),
    wrappingInputRule(/^\s*([-*])\s$/, bullets),
    wrappingInputRule(/^(\d+)[.)]\s$/, numbers, (match) => ({ order: Number(match[1]) }),
      (match, node) => node.childCount + node.attrs.order === Number(match[1])),
    new InputRule(/(?<=[\p{L}\d] )--\s$/u, "– "),
  ],
});

/** Draws the buttons; answers a function that shows which are on. */
export function toolbar(place, view, askLink) {
  const tools = [
    { name: "bold", icon: "bold", key: "Ctrl+B", run: toggleMark(strong), on: (state) => hasMark(state, strong) },
    { name: "italic", icon: "italic", key: "Ctrl+I", run: toggleMark(em), on: (state) => hasMark(state, em) },
    { name: "link", icon: "link", key: "Ctrl+K", run: askLink, on: (state) => hasMark(state, schema.marks.link) },
    { name: "bullets", icon: "list", key: "Ctrl+Shift+8", run: toggleList(bullets), on: (state) => inside(state, bullets) },
    { name: "numbers", icon: "list-ordered", key: "Ctrl+Shift+7", run: toggleList(numbers), on: (state) => inside(state, numbers) },
    { name: "quote", icon: "quote", key: "Ctrl+Shift+9", run: toggleQuote, on: (state) => inside(state, blockquote) },
  ];
  const buttons = tools.map((tool) => {
    const button = make("button", { class: "icon-btn", type: "button", title: `${say(tool.name)} (${tool.key})`, "aria-label": say(tool.name), "aria-pressed": "false" }, icon(tool.icon));
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      tool.run(view.state, view.dispatch, view);
      if (tool.name !== "link") view.focus();
    });
    return button;
  });
  place.append(...buttons);
  return () => tools.forEach((tool, index) => buttons[index].setAttribute("aria-pressed", String(tool.on(view.state))));
}
