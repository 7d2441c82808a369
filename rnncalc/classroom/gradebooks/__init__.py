"""Finished grades as the files that gradebooks take: text in, text out; one module for each system."""

from rnncalc.classroom.gradebooks.canvas import CanvasIds, canvas_csv, canvas_ids, canvas_title
from rnncalc.classroom.gradebooks.gradescope import gradescope_results
from rnncalc.classroom.gradebooks.matching import match_ids
from rnncalc.classroom.gradebooks.moodle import is_worksheet, moodle_csv, moodle_remarks
from rnncalc.classroom.gradebooks.nbgrader import nbgrader_csv
from rnncalc.classroom.gradebooks.systems import system_files
from rnncalc.classroom.gradebooks.table import grades_csv

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
