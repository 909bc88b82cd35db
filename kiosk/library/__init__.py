"""Who decides: the library behind the station. `port` is the contract; `local` decides from the station's ledger."""
