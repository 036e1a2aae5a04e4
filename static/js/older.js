// What the oldest browser of the staff (Chromium 109, staff.md S86) lacks and the text editor asks for.
"use strict";

if (!Array.prototype.toSorted) {
  Object.defineProperty(Array.prototype, "toSorted", {
    value(compare) {
      return Array.from(this).sort(compare);
    },
    configurable: true,
    writable: true,
  });
}

// What opens above the page (Chromium 114): here it is a box that stays where it was put, until somebody looks elsewhere.
if (!("showPopover" in HTMLElement.prototype)) {
  const SHOWN = "data-shown";
  HTMLElement.prototype.showPopover = function () {
    const { left, top } = this.style;
    Object.assign(this.style, { position: "fixed", left: `${parseFloat(left) - scrollX}px`, top: `${parseFloat(top) - scrollY}px` });
    this.setAttribute(SHOWN, "");
  };
  HTMLElement.prototype.hidePopover = function () {
    this.removeAttribute(SHOWN);
  };
  const hideOthers = ({ target }) => {
    for (const shown of document.querySelectorAll(`[${SHOWN}]`)) if (!shown.contains(target)) shown.hidePopover();
  };
  for (const type of ["pointerdown", "focusin", "scroll"]) document.addEventListener(type, hideOthers, true);
  document.addEventListener("keydown", (event) => event.key === "Escape" && hideOthers({ target: document.documentElement }));
}
