"""Students and an examiner with arithmetic of their own: with the marking they share only the form of an answer."""
