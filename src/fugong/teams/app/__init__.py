"""The visit sheet on a phone: its page, its words, what lets a browser keep it, and the day that it shows."""
