// Numbers drawn from a seed, the same as rnncalc/problems/draw.py draws.

import { sha256 } from "./sha256.js";

/**
 * A number uniform in [−1, 1], rounded: the first 53 bits of SHA-256 of "seed:name:position" as a share u of 1, 2u − 1.
 * @param {number | string} seed @param {string} name @param {number} position @param {number} decimals
 */
export function uniform(seed, name, position, decimals) {
  const [first, second] = sha256(`${seed}:${name}:${position}`);
  const share = (first * 2 ** 21 + (second >>> 11)) / 2 ** 53;
  return Number((2 * share - 1).toFixed(decimals)) + 0;
}

/**
 * A table of such numbers, row after row.
 * @param {number | string} seed @param {string} name @param {number} size @param {number} decimals
 */
export function drawTable(seed, name, size, decimals) {
  return Float64Array.from({ length: size }, (_, position) => uniform(seed, name, position, decimals));
}
