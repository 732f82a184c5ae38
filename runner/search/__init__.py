"""Searches: what is proposed, tried, judged and told. Begin with `request`."""
