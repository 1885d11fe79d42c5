// Notices which file was chosen; shows it (preview.js), and lets it go again (called from there).
import { hide, show } from "./preview.js";

/** Show what is chosen in `form` whenever that changes, and guard against a second submit. */
export function watch(form) {
  const input = form.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    const [file] = input.files;
    file ? show(form, file) : hide(form);
  });
  form.addEventListener("submit", () => {
    form.querySelector("button[type=submit]").setAttribute("aria-busy", "true");
  });
  // A page restored by the "back" button may hold a chosen file, and must not look busy.
  window.addEventListener("pageshow", () => {
    form.querySelector("button[type=submit]").removeAttribute("aria-busy");
    input.dispatchEvent(new Event("change"));
  });
}

/** Forget the file chosen in `form` and put the focus where another one is chosen. */
export function clear(form) {
  const input = form.querySelector("input[type=file]");
  input.value = "";
  hide(form);
  input.focus();
}
