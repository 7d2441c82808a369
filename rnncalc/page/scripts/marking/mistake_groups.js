// Kinds of mistakes that marking tells apart. The same as rnncalc/marking/mistake_groups.py.

/** Kinds that tell where a number stands; one that tells what was done goes before them where both give the same. */
export const PLACES = new Set([
  "another-activation",
  "shifted-by-a-cell",
  "wrong-layer",
  "wrong-row",
  "wrong-step",
  "wrong-table",
]);

/** Kinds that change a whole table or nothing: whoever takes another order of the letters does it in every row. */
export const WHOLE_TABLE = new Set(["alphabetical", "shifted-by-a-cell", "wrong-target"]);
