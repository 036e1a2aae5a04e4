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
