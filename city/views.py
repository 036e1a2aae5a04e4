"""Pages."""
class _V:
    @classmethod
    def as_view(cls): return lambda request, **kw: None
    as_export = as_view
ParkList = ParkDetail = ListingList = ListingDetail = ProjectList = ProjectDetail = ArticleList = ArticleDetail = PolicyList = PolicyDetail = _V
IndustryList = IndustryDetail = FigureList = MilestoneList = PageList = PageDetail = _V
def subject(request): ...
contact_list = contact_detail = contact_export = subject
