"""The parts of ``make bench-doors``: the town, devices, the load, and one module for each measure."""
