"""The network unrolled as a figure for slides and papers: one plan of shapes, and a writer for each format."""
