"""The only writes of contact tracing: cases, contacts, and what is disinfected."""
