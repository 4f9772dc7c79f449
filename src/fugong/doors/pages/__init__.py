"""Pages around the doors, for desks and phones: devices, PINs, sites, who is inside, visitors, what did not fit."""
