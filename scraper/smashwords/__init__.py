"""All that is known of smashwords.com: its addresses and its two generations of markup."""
