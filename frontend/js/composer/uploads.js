// Pictures by paste and drop, files by the paper clip: loaded up at once, named in the form by their ids.
import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { postForm } from "../ask.js";
import { icon, make } from "../make.js";
import { toast } from "../toast.js";
import { say } from "../words.js";
import { schema } from "./schema.js";

const UPLOAD_DEADLINE = 120_000;

/** Marks the place of a picture that is still on its way. */
export const waitingPlugin = new Plugin({
  state: {
    init: () => DecorationSet.empty,
    apply(transaction, set) {
      const moved = set.map(transaction.mapping, transaction.doc);
      const change = transaction.getMeta(waitingPlugin);
      if (change?.add) return moved.add(transaction.doc, [Decoration.widget(change.pos, change.element, { id: change.add })]);
      if (change?.remove) return moved.remove(moved.find(null, null, (spec) => spec.id === change.remove));
      return moved;
    },
  },
  props: { decorations(state) { return this.getState(state); } },
});

const placeOf = (state, id) => waitingPlugin.getState(state).find(null, null, (spec) => spec.id === id)[0]?.from ?? null;
const isPicture = (file) => /^image\/(png|jpeg|gif|webp|avif)$/.test(file.type);

export class Uploads {
  constructor({ url, place, onChange }) {
    Object.assign(this, { url, place, onChange });
    this.pending = 0;
    place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (!button) return;
      button.closest("[data-file]").remove();
      this.onChange();
    });
    for (const chip of place.querySelectorAll("[data-file]")) chip.append(this.removeButton(chip.textContent.trim()));
  }

  ids() {
    return [...this.place.querySelectorAll("[data-file]")].map((chip) => Number(chip.dataset.file) || chip.dataset.file);
  }

  removeButton(name) {
    return make("button", { class: "chip-x", type: "button", "data-remove": true, "aria-label": say("removeFile", { name }) }, icon("x"));
  }

  async load(file, inline) {
    const form = new FormData();
    if (inline) form.append("inline", "1");
    form.append("file", file, file.name || "picture.png");
    this.pending += 1;
    const answer = await postForm(this.url, form, { deadline: UPLOAD_DEADLINE });
    this.pending -= 1;
    if (answer.ok) return answer.data;
    toast(answer.data?.message ?? say("uploadFailed", { name: file.name }));
    return null;
  }

  async attach(file) {
    const chip = make("span", { class: "file" }, icon("paperclip"), make("span", { class: "cut" }, say("uploading", { name: file.name })));
    this.place.append(chip);
    const stored = await this.load(file, false);
    if (!stored) return chip.remove();
    chip.dataset.file = stored.id;
    chip.querySelector(".cut").textContent = stored.name;
    chip.append(this.removeButton(stored.name));
    return this.onChange();
  }

  async picture(view, file, pos) {
    const id = {};
    const element = make("span", { class: "picture-wait" }, icon("image"), say("uploading", { name: file.name }));
    view.dispatch(view.state.tr.setMeta(waitingPlugin, { add: id, pos, element }));
    const stored = await this.load(file, true);
    if (view.isDestroyed) return;
    const at = placeOf(view.state, id);
    const transaction = view.state.tr.setMeta(waitingPlugin, { remove: id });
    if (stored && at !== null) transaction.replaceWith(at, at, schema.nodes.image.create({ src: stored.url, alt: stored.name }));
    view.dispatch(transaction);
  }

  /** Takes files from a paste or drop; false when there are none. */
  take(view, files, pos) {
    const all = [...(files ?? [])];
    for (const file of all) {
      if (isPicture(file)) this.picture(view, file, pos);
      else this.attach(file);
    }
    return all.length > 0;
  }
}
