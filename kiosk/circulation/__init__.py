"""The core: what a library lends to whom and until when. Plain values, pure functions, no libraries."""
