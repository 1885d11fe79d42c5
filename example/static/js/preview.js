// Shows a chosen file before it is sent: its picture if it is one, its name and its size.
// Imports picker.js, which imports this: a cycle, as modules may have.
import { clear } from "./picker.js";

/** Show `file` in the preview of `form`. */
export function show(form, file) {
  const place = hide(form);
  if (file.type.startsWith("image/")) place.append(picture(file));
  place.append(text("span", `${file.name}, ${size(file.size)}`), clearButton(form));
  place.hidden = false;
}

/** Empty the preview of `form`; returns its place. */
export function hide(form) {
  const place = form.querySelector("[data-preview]");
  place.hidden = true;
  place.replaceChildren();
  return place;
}

/** `bytes` as people say it: "640 bytes", "12.5 KB". */
export function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), 3);
  return `${(bytes / 1024 ** power).toFixed(1)} ${["KB", "MB", "GB"][power - 1]}`;
}

function picture(file) {
  const image = new Image(56, 56);
  image.alt = "";
  image.src = URL.createObjectURL(file);
  image.onload = image.onerror = () => URL.revokeObjectURL(image.src);
  return image;
}

function clearButton(form) {
  const button = text("button", "Clear");
  button.type = "button";
  button.addEventListener("click", () => clear(form));
  return button;
}

function text(tag, content) {
  const element = document.createElement(tag);
  element.textContent = content;
  return element;
}
