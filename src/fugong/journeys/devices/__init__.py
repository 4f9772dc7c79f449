"""Trips on the devices that keep doors: the manifests in their list, and what they say of boarding, counting and arrival."""
