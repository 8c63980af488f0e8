// Pages with a reply form load this too: turns form[data-composer] into the editor with the coach beside it.
import { behaviour } from "./bind.js";
import { Composer } from "./composer/composer.js";

behaviour("form[data-composer]", (form) => { form.composer = new Composer(form); });
