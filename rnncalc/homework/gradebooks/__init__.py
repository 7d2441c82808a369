"""Finished grades as the files that gradebooks take: text in, text out; one module for each system."""

from rnncalc.homework.gradebooks.canvas import CanvasIds, canvas_csv, canvas_ids, canvas_title
from rnncalc.homework.gradebooks.gradescope import gradescope_results
from rnncalc.homework.gradebooks.matching import match_ids
from rnncalc.homework.gradebooks.moodle import is_worksheet, moodle_csv, moodle_remarks
from rnncalc.homework.gradebooks.nbgrader import nbgrader_csv
from rnncalc.homework.gradebooks.systems import system_files
from rnncalc.homework.gradebooks.table import grades_csv

__all__ = [
    "CanvasIds",
    "canvas_csv",
    "canvas_ids",
    "canvas_title",
    "grades_csv",
    "gradescope_results",
    "is_worksheet",
    "match_ids",
    "moodle_csv",
    "moodle_remarks",
    "nbgrader_csv",
    "system_files",
]
