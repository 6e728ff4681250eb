"""The sites that can be collected from."""

from scraper.site import Site
from scraper.smashwords.site import Smashwords
from scraper.standard_ebooks.site import StandardEbooks

SITES: dict[str, Site] = {site.name: site for site in (Smashwords(), StandardEbooks())}
DEFAULT = "smashwords"
