"""New versions of the program on their way to a station: one signed file, proven, laid beside the old version, put to
work, and taken back when it does not come up.
"""
