"""Where the keys of cards are kept: sealed files, tokens. Who holds them answers challenges; keys stay here."""
