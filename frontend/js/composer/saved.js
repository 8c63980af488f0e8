// data-saved-replies: puts a saved reply at the cursor, with the customer's name filled in.

/** Fills `{{customer}}` and other blanks that the form knows; unknown ones stay to be seen. */
export function fill(markdown, blanks) {
  return markdown.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name) => blanks[name] || whole);
}

export function savedReplies(form, composer) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const { customerName: customer, agentName: agent } = form.dataset;
    composer.insert(fill(button.dataset.insert, { customer, agent }));
  });
}
