// A row of links that scrolls sideways shows the page one is on.
import { behaviour } from "./bind.js";

behaviour(":is(.settings-grid > nav, .segments) [aria-current]", (here) => {
  const strip = here.closest(".settings-grid > nav, .segments");
  if (strip.scrollWidth <= strip.clientWidth) return;
  strip.scrollLeft += here.getBoundingClientRect().right - strip.getBoundingClientRect().right + 48;
});
