"""What a person sees and touches: the touchscreen of the station and the bench of the demo."""
