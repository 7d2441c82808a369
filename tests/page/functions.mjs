// The functions of scalars, worked.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { FUNCTIONS } = await import(pathToFileURL(`${process.argv[2]}/functions.js`).href);
const results = JSON.parse(readFileSync(0, "utf8")).map((asked) =>
  asked.operands.map((numbers) => FUNCTIONS[asked.function].run(...numbers)),
);
process.stdout.write(JSON.stringify(results));
