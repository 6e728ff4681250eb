"""All that is known of standardebooks.org: its OPDS feed, whose texts are CC0."""
