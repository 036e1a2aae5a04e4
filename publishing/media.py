"""Fetching the copies of pictures: anyone for pictures on public items, staff of the bureau for the others."""


def picture(request, name, size, ending):
    raise NotImplementedError
