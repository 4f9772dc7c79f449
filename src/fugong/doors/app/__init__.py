"""The door app: its page, its words, and what lets a browser keep it (manifest, service worker)."""
