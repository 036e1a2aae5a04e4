"""The kinds of content that have pages: what search, sitemap and the test of every page cover."""

from city.models import Industry, Page
from inquiries.models import PublicAnswer
from news.models import Article, Policy
from parks.models import Listing, Park
from projects.models import Project

KINDS = [Park, Listing, Project, Industry, Article, Policy, Page, PublicAnswer]
