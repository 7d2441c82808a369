// How far a number may be from another and still count as it. The same as wider in rnncalc/marking/tolerance.py.

/** Boundaries are inclusive: a tolerance is widened by this share of itself, and by rounding of float64. */
export const MARGIN = 1e-9;

/** A tolerance whose boundary counts as within, whatever the last binary digits.
 * @param {number} tolerance @param {number} about @returns {number} */
export function wider(tolerance, about) {
  return tolerance * (1 + MARGIN) + 1e-12 * Math.max(1, Math.abs(about));
}
