// data-theme-choice: light, dark, or as the computer has it.
import { onClick } from "./bind.js";
import { postForm } from "./ask.js";

onClick("[data-theme-choice]", (button) => {
  const theme = button.dataset.themeChoice;
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const one of document.querySelectorAll("[data-theme-choice]")) {
    one.setAttribute("aria-pressed", String(one.dataset.themeChoice === theme));
  }
  if (button.dataset.themeUrl) postForm(button.dataset.themeUrl, { theme });
});
