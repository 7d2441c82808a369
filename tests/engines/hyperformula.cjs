// Calculates workbooks with HyperFormula: node hyperformula.cjs BOOK.json... writes BOOK.json.out beside each.
// A book is {sheets: {title: rows of cells}, names: [{name, expression}]}; its values come back in the same rows.
const fs = require("fs");
const { HyperFormula } = require("hyperformula");

const options = {
  licenseKey: "gpl-v3",
  // the figures as they are, and text as Excel compares it
  smartRounding: false,
  precisionEpsilon: 0,
  accentSensitive: true,
  maxColumns: 16384,
};

for (const path of process.argv.slice(2)) {
  const { sheets, names } = JSON.parse(fs.readFileSync(path, "utf-8"));
  const book = HyperFormula.buildFromSheets(sheets, options, names);
  const values = {};
  for (const [title, rows] of Object.entries(book.getAllSheetsValues()))
    values[title] = rows.map((row) => row.map((value) => value?.value ?? value)); // an error is its sign: #N/A
  fs.writeFileSync(path + ".out", JSON.stringify(values));
  book.destroy();
}
