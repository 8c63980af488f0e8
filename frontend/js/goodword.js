// What every page loads: htmx and the small behaviours, each bound by its data- attribute.
import htmx from "htmx.org";
import { start } from "./bind.js";
import { token } from "./ask.js";
import "./confirm.js";
import "./copy.js";
import "./dialogs.js";
import "./drawer.js";
import "./forms.js";
import "./keys.js";
import "./list.js";
import "./live.js";
import "./menus.js";
import "./palette.js";
import "./pictures.js";
import "./presence.js";
import "./strips.js";
import "./theme.js";
import "./thread.js";
import "./toast.js";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;
htmx.config.scrollIntoViewOnBoost = false;
window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  if (token()) event.detail.headers["X-CSRFToken"] = token();
});

start();
