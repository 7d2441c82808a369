// The arithmetic of every computed number of a page, line by line.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.argv[2]}/${name}.js`).href);
const { Model } = await load("model");
const { workingOf } = await load("arithmetic");
const { elementName } = await load("naming");

const results = JSON.parse(readFileSync(0, "utf8")).map(({ content, decimals }) => {
  const model = new Model(content);
  const computed = model.quantities.filter((q) => q.rule);
  return Object.fromEntries(
    computed.flatMap((q) =>
      Array.from(q.value, (_, at) => [elementName(q, at), workingOf(q, at, decimals).map((lines) => lines.map(({ left, right }) => [left, right]))]),
    ),
  );
});
process.stdout.write(JSON.stringify(results));
