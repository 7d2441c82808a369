"""What comes in and goes out: files read within limits, text of strangers shown safely, files written whole."""
