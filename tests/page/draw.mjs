// Tables drawn from seeds.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { drawTable } = await import(pathToFileURL(`${process.argv[2]}/drawing.js`).href);
const { sha256 } = await import(pathToFileURL(`${process.argv[2]}/sha256.js`).href);
const { tables, texts } = JSON.parse(readFileSync(0, "utf8"));
const drawn = tables.map(({ seed, name, size, decimals }) => Array.from(drawTable(seed, name, size, decimals)));
const hex = (words) => Array.from(words, (word) => word.toString(16).padStart(8, "0")).join("");
process.stdout.write(JSON.stringify({ drawn, hashes: texts.map((text) => hex(sha256(text))) }));
