"""Pages of contact tracing: positives and cases, one case, and what is disinfected."""
