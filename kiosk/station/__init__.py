"""The station: a pure state machine (`step`) and the threads around it. It knows ports and values, no screen."""
