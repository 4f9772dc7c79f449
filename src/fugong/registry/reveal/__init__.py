"""Seeing a whole number of a document or telephone: who may, for which reason, and how it is noted."""
