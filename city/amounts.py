"""Columns of the city's amounts: money, prices of land, rents, areas; each says its number in words."""

from city import quantities
from city.measures import AREA, FOREIGN, MONEY, PRICE, RENT, YUAN, Measure
from publishing.amounts import AmountField

# An amount in the currency that another field names.
STATED = Measure(factors=MONEY.factors, spellings=dict.fromkeys((*YUAN, *FOREIGN), "cny"), names=MONEY.names, stored="cny")


class MoneyField(AmountField):
    """In yuan: 12000000, 1,200万元, CNY 12 million."""

    measure = MONEY
    script = "cny"

    def say(self, value):
        return quantities.money(value)


class StatedMoneyField(AmountField):
    """In the currency that stands beside it."""

    measure = STATED
    script = "plain"

    def say(self, value):
        return quantities.money(value, currency="").strip()


class LandPriceField(AmountField):
    """In yuan per square meter: 450, 30万元/亩."""

    measure = PRICE

    def say(self, value):
        return quantities.land_price(value)


class RentField(AmountField):
    """In yuan per square meter and month."""

    measure = RENT

    def say(self, value):
        return quantities.rent_price(value)


class AreaField(AmountField):
    """In square meters: 20000, 30亩, 2 ha."""

    measure = AREA
    needs_source = False

    def say(self, value):
        return quantities.area_in(value, "mu" if value < 10_000_000 else "km2")
