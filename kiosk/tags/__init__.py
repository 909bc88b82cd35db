"""What the tags in books say: pure codecs between bytes and values. No pad, no clock, no rules of lending."""
