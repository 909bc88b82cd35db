"""The core: what a library lends to whom and until when. Plain values and pure functions, standard library only."""
