"""The live workbook: every number that is not given is a formula. All that knows openpyxl lives in this room.

``areas`` say which cell is whose; ``formulas`` write an operation as a cell's formula; ``sheet`` collects cells;
``drawing`` places a quantity's picture; one module per sheet of the workbook; ``export`` puts them together and
``package`` writes the file.
"""
