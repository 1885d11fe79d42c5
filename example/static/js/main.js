// The entry module: the only one a page names. The import map leads to the others' hashed URLs.
// Without JavaScript every form on the page works just the same.
import { watch } from "./picker.js";

document.querySelectorAll("form[enctype]").forEach(watch);
