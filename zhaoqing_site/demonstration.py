"""Demonstration staff."""


def create_staff(password=None):
    return []
