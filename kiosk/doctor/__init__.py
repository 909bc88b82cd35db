"""The examination of a station: what it needs to run, checked one by one, each finding with how to mend it.

Looks and measures, changes nothing (a file of one block comes and goes beside the database). Of a running station it
asks how the devices are; of a stopped one it opens them.
"""
