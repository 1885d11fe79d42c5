"""Modes, disks and limits of the machine this runs on."""
