"""Who tells a station of sirens and power cuts. Each source is one file behind `kiosk.devices.SignalSource`."""
