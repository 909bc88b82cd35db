"""The contract of `kiosk.devices` as checks, for pads, printers and barcode scanners: every driver passes them over its
own simulated device in the tests, and anybody runs them against real hardware (`kiosk devices conform`).

They import no driver and no test library, change nothing on a tag that is not put back, and lock nothing.
"""
