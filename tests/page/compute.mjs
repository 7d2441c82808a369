// Networks of pages, computed: as they came, after numbers were put in, and after updates.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { Model } = await import(pathToFileURL(`${process.argv[2]}/model.js`).href);
const numbers = (model) => Object.fromEntries(model.quantities.map((q) => [q.name, Array.from(q.value, written)]));
const written = (value) => (Number.isFinite(value) ? value : String(value));

const results = JSON.parse(readFileSync(0, "utf8")).map(({ content, changes, updates }) => {
  const model = new Model(content);
  const first = numbers(model);
  for (const [name, values] of Object.entries(changes)) {
    const q = model.named.get(name);
    if (model.letters.has(q)) model.setLetter(q, values.indexOf(1));
    else {
      model.setNumber(q, 0, values[0]);
      model.setTable(q, values);
    }
  }
  const changed = numbers(model);
  let count = 0;
  while (count < updates && model.updateStep()) count++;
  const updated = numbers(model);
  while (model.canUndo) model.undo();
  return { first, changed, updated, count, undone: numbers(model) };
});
process.stdout.write(JSON.stringify(results));
