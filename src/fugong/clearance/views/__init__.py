"""Pages of clearance: protocols, an enterprise at a glance, a worker's card."""
