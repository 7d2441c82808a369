// What is looked at is brought into sight.

/** So far from the edge is what has to be seen. */
export const AIR = 24;

/** Scroll a place so that some areas in it are seen: the first ones, if there is no room for all. */
export function bringTo(/** @type {HTMLElement} */ place, /** @type {DOMRect[]} */ areas, /** @type {number} */ covered, /** @type {boolean} */ gently) {
  const outer = place.getBoundingClientRect();
  const least = (/** @type {"left" | "top"} */ side) => Math.min(...areas.map((area) => area[side])) - AIR - outer[side];
  const most = (/** @type {"right" | "bottom"} */ side) => Math.max(...areas.map((area) => area[side])) + AIR - outer[side];
  const left = Math.min(Math.max(0, most("right")), least("left") - covered) || Math.min(0, least("left") - covered);
  const top = Math.min(Math.max(0, most("bottom")), least("top")) || Math.min(0, least("top"));
  // one after the other: a browser that snaps sideways forgets to go down
  if (top) place.scrollTop += top;
  if (left) place.scrollBy({ left, behavior: gently ? "smooth" : "instant" });
}

/** Whether moving things are not wanted. */
export function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
