"""What running the site needs: health, metrics, logs, static files."""
