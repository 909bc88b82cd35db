"""How a database of an older version becomes one of ours: one file per version in `versions`."""
