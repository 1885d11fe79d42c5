// The entry module: the only one a page names, so the only one asked for by its hashed URL.
// Without JavaScript every form on the page works just the same.
import { watch } from "./picker.js";

document.querySelectorAll("form[enctype]").forEach(watch);
