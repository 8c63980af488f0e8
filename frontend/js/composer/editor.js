// The ProseMirror view over the form's textarea.
import { history } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { Slice } from "prosemirror-model";
import { EditorState, Plugin } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { linkCommand } from "./links.js";
import { mentionsPlugin } from "./mentions.js";
import { remarksPlugin } from "./remarks.js";
import { fromMarkdown, schema } from "./schema.js";
import { keys, rules, toolbar } from "./toolbar.js";
import { waitingPlugin } from "./uploads.js";

export const isEmpty = (doc) => doc.childCount === 1 && doc.firstChild.isTextblock && doc.firstChild.content.size === 0;

function placeholder(textarea, isNote) {
  return new Plugin({
    props: {
      attributes: (state) => ({
        ...(isEmpty(state.doc) ? { "data-empty": "" } : {}),
        "data-placeholder": (isNote() && textarea.dataset.notePlaceholder) || textarea.placeholder,
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": textarea.getAttribute("aria-label"),
        spellcheck: "true",
      }),
    },
  });
}

/** Pictures of other hosts are left out of what is pasted: they would be fetched by every reader. */
function ownPictures(fragment) {
  const kept = [];
  fragment.forEach((node) => {
    const foreign = node.type === schema.nodes.image && new URL(node.attrs.src, location.href).origin !== location.origin;
    if (!foreign) kept.push(node.isLeaf ? node : node.copy(ownPictures(node.content)));
  });
  return fragment.constructor.from(kept);
}

/** `{view, showTools}`; `on` = keys (more key bindings), isNote, people, uploads, changed(transaction). */
export function makeEditor(textarea, on) {
  const place = textarea.parentElement;
  const state = EditorState.create({
    doc: fromMarkdown(textarea.value),
    plugins: [
      mentionsPlugin(on.people, on.isNote), rules,
      keymap({ ...on.keys, "Mod-k": linkCommand(place, false) }), keymap(keys),
      history(), remarksPlugin(), waitingPlugin, placeholder(textarea, on.isNote),
    ],
  });
  textarea.hidden = true;
  const view = new EditorView(place, {
    state,
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      showTools();
      on.changed(transaction);
    },
    transformPasted: (slice) => new Slice(ownPictures(slice.content), slice.openStart, slice.openEnd),
    handlePaste: (_, event) => on.uploads.take(view, event.clipboardData?.files, view.state.selection.from),
    handleDrop: (_, event) => {
      if (!event.dataTransfer?.files.length) return false;
      event.preventDefault();
      const spot = view.posAtCoords({ left: event.clientX, top: event.clientY });
      return on.uploads.take(view, event.dataTransfer.files, spot?.pos ?? view.state.selection.from);
    },
  });
  const showTools = toolbar(on.tools, view, (current, dispatch) => linkCommand(place, true)(current, dispatch, view));
  return view;
}
